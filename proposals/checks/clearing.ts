import { clearingContracts } from '../../chain/clearing/index.ts'
import { decodeScopeId } from '../../chain/ids/index.ts'
import type { Address, Hex, ScopeId } from '../../risk/types/index.ts'
import type { ClearingState, ListedFeed } from '../clearing/index.ts'
import { applyClearingCall } from '../clearing/index.ts'
import { type DecodedCall, flattenCalls } from '../decode/index.ts'
import { findStored, type ProtocolState } from '../state/index.ts'
import type { Check, Findings } from './Check.ts'

/** What the DAO tells clearing fits what stands there: most of it can be appended and never taken back, and the contracts do not see every mistake. */
export const clearing: Check = {
  name: 'clearing',
  title: 'What is listed in clearing fits, and what it opens is named.',
  check: ({ calls, state, clearing: deployment }) => {
    const found: Findings[] = []
    let at = state.clearing
    const active = new Set(state.scopes.map(({ scope }) => scope))
    for (const call of calls.flatMap(flattenCalls).filter(({ faults }) => faults.length === 0)) {
      if (call.contract === 'riskParameters' && call.functionName === 'activateScope') active.add(decodeScopeId(call.args[0] as Hex))
      const contract = clearingContracts.find((name) => name === call.contract && deployment?.contracts[name] === call.target)
      if (contract === undefined || at === null) continue
      found.push(rules[`${contract}.${call.functionName}`]?.(call.args, { at, state, active, call }) ?? none)
      at = applyClearingCall(at, contract, call.functionName ?? '', call.args) ?? at
    }
    return {
      info: found.flatMap(({ info }) => info),
      warnings: found.flatMap(({ warnings }) => warnings),
      errors: found.flatMap(({ errors }) => errors),
    }
  },
}

type Frame = {
  /** Clearing before the call, with what the calls before it do. */
  readonly at: ClearingState
  readonly state: ProtocolState
  /** Scopes with parameters, also those that a call before activates. */
  readonly active: ReadonlySet<ScopeId>
  readonly call: DecodedCall
}
type Rule = (args: readonly unknown[], frame: Frame) => Findings

const none: Findings = { info: [], warnings: [], errors: [] }
const DAY = 86_400
const EIGHT = 8 * 3_600

const scopeAt = (args: readonly unknown[], i = 0): ScopeId => decodeScopeId(args[i] as Hex)
/** Sentences whose condition holds. */
const told = (...sentences: readonly (readonly [boolean, string])[]): string[] =>
  sentences.flatMap(([holds, text]) => (holds ? [text] : []))
const same = (a: Address, b: Address): boolean => a.toLowerCase() === b.toLowerCase()

const rules: Readonly<Record<string, Rule>> = {
  'priceFeed.list': (args, { at, state, active }) => {
    const market = scopeAt(args)
    const sources = args[1] as ListedFeed['sources']
    const { quorum, maxDeviationBps } = args[2] as { readonly quorum: number; readonly maxDeviationBps: number }
    const anchor = args[3] as bigint
    const live = at.feeds.find((each) => each.market === market)
    const limit = findStored(state, market, 'oracle.heartbeat')?.value
    const apart = live === undefined || live.last === 0n ? 0 : Math.abs(Number(anchor - live.last) / Number(live.last))
    return {
      info: [],
      warnings: told(
        [live !== undefined && quorum < live.quorum, `${market}: the quorum of price sources falls from ${live?.quorum} to ${quorum}.`],
        [
          live !== undefined && maxDeviationBps > live.maxDeviationBps,
          `${market}: sources may differ by ${maxDeviationBps / 100} % instead of ${(live?.maxDeviationBps ?? 0) / 100} %.`,
        ],
        [live !== undefined, `${market}: everything observed is dropped; there is no median until it is observed again.`],
        [sources.length === 1, `${market} would have one price source: nobody contradicts it.`],
        [apart > 0.2, `${market}: the anchor is ${(apart * 100).toFixed(1)} % away from the last observation.`],
      ),
      errors: told(
        [!active.has(market), `${market} is not active: it has no oracle.maxAge and no oracle.heartbeat.`],
        [
          quorum <= sources.length / 2 || quorum > sources.length,
          `${market}: a quorum of ${quorum} is no majority of ${sources.length} sources.`,
        ],
        [new Set(sources.map(({ aggregator }) => aggregator)).size < sources.length, `${market}: a source is listed twice.`],
        ...sources.map(
          ({ aggregator, heartbeat }) =>
            [
              limit !== undefined && heartbeat > limit,
              `${market}: ${aggregator} promises an update every ${heartbeat} s; oracle.heartbeat is ${limit} s.`,
            ] as const,
        ),
      ),
    }
  },
  'priceFeed.setSequencer': ([feed, grace], { at }) => ({
    ...none,
    warnings: told(
      [
        BigInt(feed as Address) === 0n && at.sequencer !== null && BigInt(at.sequencer.feed) !== 0n,
        'The uptime feed of the sequencer is taken away: accounts are flagged right after an outage.',
      ],
      [
        at.sequencer !== null && Number(grace) < at.sequencer.grace,
        `The grace after an outage falls from ${at.sequencer?.grace} s to ${grace} s.`,
      ],
    ),
  }),
  'settlementOracle.finaliseByGovernance': (args, { at, state }) => {
    const market = scopeAt(args)
    const expiry = Number(args[1])
    const final = at.settlements.find((each) => each.market === market && each.expiry === expiry)
    return {
      info: [],
      warnings: [`The vote chooses the settlement price of ${market} at ${iso(expiry)}, inside what was observed.`],
      errors: told(
        [expiry > state.time, `${market} expires at ${iso(expiry)}, which is yet to come.`],
        [final !== undefined, `${market} at ${iso(expiry)} is settled already, at ${final?.price} (USD, wad).`],
      ),
    }
  },
  'surfaceOracle.setSigners': (args, { state }) => {
    const signers = args[0] as readonly Address[]
    const threshold = Number(args[1])
    return {
      info: [],
      warnings: [
        'Surfaces signed by the old set are void; until a new one is posted no ladder can be posted.',
        ...told([threshold <= signers.length / 2, `${threshold} of ${signers.length} is no majority.`]),
      ],
      errors: [
        ...signers
          .filter((signer) => state.mandate.engines.some((engine) => same(engine, signer)))
          .map((signer) => `${signer} is an engine of the mandate: one theft would forge values and parameters.`),
        ...told([
          threshold < state.mandate.threshold,
          `The threshold ${threshold} is below that of the mandate, ${state.mandate.threshold}.`,
        ]),
      ],
    }
  },
  'surfaceOracle.revokeEpoch': (_args, { at }) => ({
    ...none,
    warnings: [`Voids all ${at.surface.signers.length} surface signers: no surface is posted until a vote appoints others.`],
  }),
  'surfaceOracle.setLimits': (args, { at, active }) => {
    const market = scopeAt(args)
    const live = at.limits.find((each) => each.market === market)?.limits
    const wider = Object.entries(args[1] as Record<string, unknown>).filter(
      ([field, value]) => field !== 'referenceVol' && live !== undefined && BigInt(String(value)) > BigInt(live[field] ?? 0),
    )
    return {
      info: [],
      warnings: wider.map(([field, value]) => `${market}: signers may move further: ${field} from ${live?.[field]} to ${value} bps.`),
      errors: told([!active.has(market), `${market} is not active.`]),
    }
  },
  'chains.listMarket': (args, { at, active }) => {
    const market = scopeAt(args)
    const listed = at.markets.find(({ scope }) => scope === market)
    return {
      ...none,
      errors: told(
        [!active.has(market), `${market} is not active: nothing says how it is margined.`],
        [listed !== undefined, `${market} is listed already, as number ${listed?.number}.`],
        [!at.feeds.some((each) => each.market === market), `${market} has no price feed.`],
      ),
    }
  },
  'chains.setGrids': ([number], { at }) => ({ ...none, errors: unknownMarket(at, Number(number)) }),
  'chains.listChain': ([number, expiry], { at, state }) => ({
    ...none,
    errors: [
      ...unknownMarket(at, Number(number)),
      ...told(
        [Number(expiry) % DAY !== EIGHT, `The expiry ${iso(Number(expiry))} is not at 08:00 UTC.`],
        [Number(expiry) <= state.time, `The expiry ${iso(Number(expiry))} is past.`],
      ),
    ],
  }),
  'collaterals.openGroup': (args, { at, active }) => {
    const group = scopeAt(args)
    return {
      ...none,
      errors: told(
        [!active.has(group), `${group} is not active: it has no warm-up, outflow limit and cover target.`],
        [at.groups.some((each) => each.group === group), `${group} is open already.`],
      ),
    }
  },
  'collaterals.admitMarket': (args, { at }) => {
    const group = scopeAt(args)
    const number = Number(args[1])
    const market = at.markets.find((each) => each.number === number)
    return {
      info: [],
      warnings: told([
        market !== undefined && !at.limits.some((each) => each.market === market.scope),
        `${market?.scope} has no limits of its surface yet: no surface can be posted.`,
      ]),
      errors: [
        ...unknownGroup(at, group),
        ...unknownMarket(at, number),
        ...told([market?.group != null, `${market?.scope} belongs to ${market?.group} already.`]),
      ],
    }
  },
  'collaterals.list': (args, { at, state, active }) => {
    const group = scopeAt(args)
    const [token, number, asset, feed] = [args[1] as Address, Number(args[2]), scopeAt(args, 3), scopeAt(args, 4)]
    const open = at.groups.find((each) => each.group === group)
    const haircut = findStored(state, asset, 'collateral.haircut')?.value
    const ladder = at.markets.find((each) => each.number === number)
    return {
      info: told([haircut !== undefined, `${asset} counts with a haircut of ${(haircut ?? 0) / 100} %.`]),
      warnings: told(
        [haircut === 0, `${asset} has no haircut: its price may not fall.`],
        [ladder !== undefined && ladder.scope !== feed, `${asset} is priced as ${feed}, and moves in the scan as ${ladder?.scope}.`],
      ),
      errors: [
        ...unknownGroup(at, group),
        ...(number === 0 ? [] : unknownMarket(at, number)),
        ...told(
          [!active.has(asset), `${asset} is not active: it has no haircut and no cap, so no deposit can be valued.`],
          [!at.feeds.some((each) => each.market === feed), `${feed} has no price feed.`],
          [
            open !== undefined && (same(open.cash, token) || open.collaterals.some((each) => same(each.token, token))),
            `${token} is listed in ${group} already.`,
          ],
        ),
      ],
    }
  },
  'ledger.resume': (args, { at }) => {
    const group = scopeAt(args)
    const open = at.groups.find((each) => each.group === group)
    return {
      info: [],
      warnings: [`${group} was halted because principal was written off; trades and withdrawals go on.`],
      errors: [...unknownGroup(at, group), ...told([open?.halted === false, `${group} is not halted.`])],
    }
  },
}

function unknownMarket({ markets }: ClearingState, number: number): string[] {
  if (markets.some((each) => each.number === number)) return []
  const known = markets.map((each) => `${each.number} ${each.scope}`).join(', ')
  return [`There is no market with number ${number}; there are: ${known || 'none'}.`]
}

function unknownGroup({ groups }: ClearingState, group: ScopeId): string[] {
  return groups.some((each) => each.group === group)
    ? []
    : [`${group} is not open; open: ${groups.map((each) => each.group).join(', ') || 'none'}.`]
}

const iso = (time: number): string => new Date(time * 1_000).toISOString().replace('.000Z', 'Z')
