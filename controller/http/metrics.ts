import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Counters and gauges of one engine process; a name ends in its unit, or in what it counts. */
export type Metrics = {
  readonly registry: Registry
  readonly ticks: Counter<'scope' | 'outcome'>
  readonly droppedTicks: Counter<string>
  readonly tickSeconds: Histogram<'scope'>
  readonly lastGoodTick: Gauge<'scope'>
  readonly passedTurns: Counter<'scope' | 'reason'>
  readonly items: Counter<'scope' | 'outcome'>
  readonly refusals: Counter<'scope' | 'code'>
  readonly peerRequests: Counter<'route' | 'status'>
  readonly transactions: Counter<'purpose' | 'outcome'>
  readonly rpcErrors: Counter<'host'>
  readonly rpcState: Gauge<'host' | 'state'>
  readonly chainHead: Gauge<'scope'>
  readonly laneMode: Gauge<'scope' | 'mode'>
  readonly laneExpiry: Gauge<'scope'>
  readonly pendingLoosenings: Gauge<'scope'>
  readonly budgetUsed: Gauge<'scope' | 'id' | 'budget'>
  readonly balance: Gauge<'address'>
}

/** Metrics in a registry of their own, so that two engines in one process do not share them. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  // Memory, processor time and event loop of the process.
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    ticks: new Counter({ name: 'ballast_ticks_total', help: 'Ticks by outcome.', labelNames: ['scope', 'outcome'], registers }),
    droppedTicks: new Counter({
      name: 'ballast_ticks_dropped_total',
      help: 'Rings of the clock that found a tick still running.',
      registers,
    }),
    tickSeconds: new Histogram({
      name: 'ballast_tick_duration_seconds',
      help: 'Time from the bell to the record.',
      labelNames: ['scope'],
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
      registers,
    }),
    lastGoodTick: new Gauge({
      name: 'ballast_last_good_tick_timestamp_seconds',
      help: 'Observation time of the last tick whose round was accepted.',
      labelNames: ['scope'],
      registers,
    }),
    passedTurns: new Counter({
      name: 'ballast_turns_passed_total',
      help: 'Own turns that led to no round, by what stood in the way.',
      labelNames: ['scope', 'reason'],
      registers,
    }),
    items: new Counter({
      name: 'ballast_items_total',
      help: 'Items of accepted rounds by outcome.',
      labelNames: ['scope', 'outcome'],
      registers,
    }),
    refusals: new Counter({
      name: 'ballast_sign_refusals_total',
      help: 'Requests for a signature that were refused.',
      labelNames: ['scope', 'code'],
      registers,
    }),
    peerRequests: new Counter({
      name: 'ballast_peer_requests_total',
      help: 'Answered peer requests.',
      labelNames: ['route', 'status'],
      registers,
    }),
    transactions: new Counter({
      name: 'ballast_transactions_total',
      help: 'Intents by what they are for and what became of them.',
      labelNames: ['purpose', 'outcome'],
      registers,
    }),
    rpcErrors: new Counter({
      name: 'ballast_rpc_errors_total',
      help: 'Requests that an endpoint did not answer, or answered with trouble of its own.',
      labelNames: ['host'],
      registers,
    }),
    rpcState: new Gauge({
      name: 'ballast_rpc_endpoint_state',
      help: '1 for the state that an endpoint is in, 0 for the others.',
      labelNames: ['host', 'state'],
      registers,
    }),
    chainHead: new Gauge({
      name: 'ballast_chain_head_timestamp_seconds',
      help: 'Time of the block that the gauges of the scope were read at.',
      labelNames: ['scope'],
      registers,
    }),
    laneMode: new Gauge({
      name: 'ballast_lane_mode',
      help: '1 for the mode that the lane is in, 0 for the others.',
      labelNames: ['scope', 'mode'],
      registers,
    }),
    laneExpiry: new Gauge({
      name: 'ballast_lane_expiry_timestamp_seconds',
      help: 'When the mandate of the lane ends.',
      labelNames: ['scope'],
      registers,
    }),
    pendingLoosenings: new Gauge({
      name: 'ballast_pending_loosenings',
      help: 'Loosenings that wait for their veto window, or for their execution.',
      labelNames: ['scope'],
      registers,
    }),
    budgetUsed: new Gauge({
      name: 'ballast_budget_used_ratio',
      help: 'Used share of what the controller may loosen or tighten inside its window; 1 is all of it.',
      labelNames: ['scope', 'id', 'budget'],
      registers,
    }),
    balance: new Gauge({
      name: 'ballast_account_balance_ether',
      help: 'Balance of the account that pays for transactions.',
      labelNames: ['address'],
      registers,
    }),
  }
}
