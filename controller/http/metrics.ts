import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Counters and gauges of one engine process; every name ends in its unit. */
export type Metrics = {
  readonly registry: Registry
  readonly ticks: Counter<'scope' | 'outcome'>
  readonly droppedTicks: Counter<string>
  readonly tickSeconds: Histogram<'scope'>
  readonly lastGoodTick: Gauge<'scope'>
  readonly items: Counter<'scope' | 'outcome'>
  readonly refusals: Counter<'scope' | 'code'>
  readonly peerRequests: Counter<'route' | 'status'>
  readonly transactions: Counter<'outcome'>
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
      help: 'Intents by what became of them.',
      labelNames: ['outcome'],
      registers,
    }),
  }
}
