import type { ClearingContract } from '../../chain/clearing/index.ts'
import { decodeScopeId } from '../../chain/ids/index.ts'
import type { Address, Hex, ScopeId } from '../../risk/types/index.ts'
import type { ClearingState, ListedFeed } from './ClearingState.ts'
import { gridWords } from './readClearingState.ts'

type Handler = (state: ClearingState, args: readonly unknown[]) => ClearingState | undefined
type GridShape = Parameters<typeof gridWords>[0]

const scopeAt = (args: readonly unknown[], i = 0): ScopeId => decodeScopeId(args[i] as Hex)

/** With `next` in the place of the one it replaces, or at the end. */
function put<Each>(list: readonly Each[], next: Each, isSame: (each: Each) => boolean): Each[] {
  return list.some(isSame) ? list.map((each) => (isSame(each) ? next : each)) : [...list, next]
}

const listFeed: Handler = (state, args) => {
  const market = scopeAt(args)
  const { quorum, maxDeviationBps } = args[2] as { readonly quorum: number; readonly maxDeviationBps: number }
  const feed: ListedFeed = { market, sources: args[1] as ListedFeed['sources'], quorum, maxDeviationBps, last: args[3] as bigint }
  return { ...state, feeds: put(state.feeds, feed, (each) => each.market === market) }
}

const setLimits: Handler = (state, args) => {
  const market = scopeAt(args)
  const limits = Object.fromEntries(Object.entries(args[1] as Record<string, unknown>).map(([field, value]) => [field, String(value)]))
  return { ...state, limits: put(state.limits, { market, limits }, (each) => each.market === market) }
}

const updateGroup =
  (update: (group: ClearingState['groups'][number], args: readonly unknown[]) => ClearingState['groups'][number]): Handler =>
  (state, args) => ({ ...state, groups: state.groups.map((each) => (each.group === scopeAt(args) ? update(each, args) : each)) })

const handlers: Readonly<Partial<Record<ClearingContract, Readonly<Record<string, Handler>>>>> = {
  priceFeed: {
    list: listFeed,
    setSequencer: (state, [feed, grace]) => ({ ...state, sequencer: { feed: feed as Address, grace: Number(grace) } }),
  },
  surfaceOracle: {
    setSigners: (state, [signers, threshold]) => ({
      ...state,
      surface: { epoch: state.surface.epoch + 1, threshold: Number(threshold), signers: signers as readonly Address[] },
    }),
    revokeEpoch: (state) => ({ ...state, surface: { epoch: state.surface.epoch + 1, threshold: 0, signers: [] } }),
    setLimits,
  },
  settlementOracle: {
    finaliseByGovernance: (state, args) => ({
      ...state,
      settlements: [...state.settlements, { market: scopeAt(args), expiry: Number(args[1]), price: args[2] as bigint }],
    }),
  },
  chains: {
    listMarket: (state, args) => {
      const grids = (args[1] as readonly GridShape[]).map(gridWords)
      return { ...state, markets: [...state.markets, { number: state.markets.length + 1, scope: scopeAt(args), group: null, grids }] }
    },
    setGrids: (state, args) => {
      const grids = (args[1] as readonly GridShape[]).map(gridWords)
      return { ...state, markets: state.markets.map((each) => (each.number === Number(args[0]) ? { ...each, grids } : each)) }
    },
    listChain: (state, [market, expiry, kind, tick, multiples]) => {
      const chain = {
        id: state.chains.length + 1,
        market: Number(market),
        expiry: Number(expiry),
        kind: Number(kind),
        tick: tick as bigint,
        multiples: multiples as readonly number[],
      }
      return { ...state, chains: [...state.chains, chain] }
    },
  },
  collaterals: {
    openGroup: (state, args) => ({
      ...state,
      groups: [...state.groups, { group: scopeAt(args), cash: args[1] as Address, halted: false, collaterals: [] }],
    }),
    admitMarket: (state, args) => ({
      ...state,
      markets: state.markets.map((each) => (each.number === Number(args[1]) ? { ...each, group: scopeAt(args) } : each)),
    }),
    list: updateGroup((group, args) => {
      const listed = { token: args[1] as Address, market: Number(args[2]), asset: scopeAt(args, 3), feed: scopeAt(args, 4) }
      return { ...group, collaterals: [...group.collaterals, listed] }
    }),
  },
  ledger: { resume: updateGroup((group) => ({ ...group, halted: false })) },
}

/**
 * What a call of the DAO changes in clearing, by the rules of the contracts and without running them; undefined for a call that is none of the DAO's acts.
 */
export function applyClearingCall(
  state: ClearingState,
  contract: ClearingContract,
  functionName: string,
  args: readonly unknown[],
): ClearingState | undefined {
  return handlers[contract]?.[functionName]?.(state, args)
}
