import { encodeFunctionData, parseEther } from 'viem'
import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import { chainsAbi, collateralsAbi, priceFeedAbi, surfaceOracleAbi } from '../../chain/generated/index.ts'
import { encodeScopeId } from '../../chain/ids/index.ts'
import { buildSetRole } from '../../proposals/draft/index.ts'
import { toWadUsd } from '../../risk/liquidation/index.ts'
import { marketGrids } from '../../risk/margin/ladder/index.ts'
import type { Action, Address, Deployment, Hex, ScopeId, Usd } from '../../risk/types/index.ts'
import type { LocalMarkets } from './deployLocalMarkets.ts'

export type Listing = {
  readonly protocol: Deployment
  readonly clearing: ClearingDeployment
  readonly group: ScopeId
  /** Names and prices around which their feeds begin. */
  readonly markets: readonly { readonly name: string; readonly spot: Usd }[]
  readonly assets: LocalMarkets
  /** Ascending; all of them must sign a surface. */
  readonly surfaceSigners: readonly Address[]
  /** May list chains from then on. */
  readonly lister: Address
}

/** Surfaces of a recorded crash move as they moved: the limits that guard signers' keys are wide open here. */
const OPEN_LIMITS = {
  volStep: 65_535,
  volPerHour: 65_535,
  forwardStep: 5_000,
  forwardPerHour: 5_000,
  firstVol: 65_535,
  firstForward: 5_000,
  spot: 1_000,
  referenceVol: parseEther('0.8'),
}
const SOURCE = { decimals: 8, heartbeat: 60 } as const
const FEED = { quorum: 2, maxDeviationBps: 100 } as const

/**
 * Everything that only the DAO may do before a market of a local chain clears, in its order: the group and its cash, surface signers, feeds, limits, markets, and who lists chains. The scopes must
 * be active and the sources fresh when it is done. Markets are numbered as they are named.
 */
export function listingActions({ protocol, clearing, group, markets, assets, surfaceSigners, lister }: Listing): Action[] {
  const { collaterals, surfaceOracle, priceFeed, chains } = clearing.contracts
  const act = (target: Address, data: Hex, summary: string): Action => ({ target, value: 0n, data, summary })
  const open = { abi: collateralsAbi, functionName: 'openGroup', args: [encodeScopeId(group), assets.cashToken] } as const
  const sign = { abi: surfaceOracleAbi, functionName: 'setSigners', args: [surfaceSigners, surfaceSigners.length] } as const
  return [
    act(collaterals, encodeFunctionData(open), `Open ${group} with the cash ${assets.cashToken}`),
    act(surfaceOracle, encodeFunctionData(sign), `Let ${surfaceSigners.join(' and ')} sign volatility surfaces together`),
    ...markets.flatMap(({ name, spot }, i) => {
      const scope = encodeScopeId(`market:${name}`)
      const sources = (assets.sources.get(name) ?? []).map((aggregator) => ({ aggregator, ...SOURCE }))
      const anchor = toWadUsd('price', spot, 'down')
      const list = { abi: priceFeedAbi, functionName: 'list', args: [scope, sources, FEED, anchor] } as const
      const limit = { abi: surfaceOracleAbi, functionName: 'setLimits', args: [scope, OPEN_LIMITS] } as const
      const market = { abi: chainsAbi, functionName: 'listMarket', args: [scope, marketGrids] } as const
      const admit = { abi: collateralsAbi, functionName: 'admitMarket', args: [encodeScopeId(group), i + 1] } as const
      return [
        act(priceFeed, encodeFunctionData(list), `List the price feed of ${name}: ${sources.length} sources, both must agree within 1 %`),
        act(surfaceOracle, encodeFunctionData(limit), `Set how far a surface of ${name} may move at once and in an hour`),
        act(chains, encodeFunctionData(market), `List ${name} as market ${i + 1} with the grids of its ladders`),
        act(collaterals, encodeFunctionData(admit), `Admit ${name} to ${group}`),
      ]
    }),
    buildSetRole(protocol, 'lister', lister, true),
  ]
}
