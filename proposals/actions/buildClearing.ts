import { encodeFunctionData } from 'viem'
import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import { collateralsAbi, ledgerAbi, priceFeedAbi, settlementOracleAbi, surfaceOracleAbi } from '../../chain/generated/index.ts'
import { encodeScopeId } from '../../chain/ids/index.ts'
import type { Action, Address, Hex, ScopeId } from '../../risk/types/index.ts'
import type { ClearingState } from '../clearing/index.ts'
import { equalTo } from '../conditions/index.ts'
import type { DraftAction } from '../draft/draftSchema.ts'
import { didYouMean } from '../draft/nearestNames.ts'
import { parseDuration, parseQuantity, parseUsdWad } from '../draft/parseQuantity.ts'
import type { BuildContext } from './BuildContext.ts'
import { type BuiltAction, emptyAction } from './BuiltAction.ts'
import { addresses, type Report, seconds } from './buildAction.ts'

export type ClearingAction = Extract<
  DraftAction,
  {
    do: 'openGroup' | 'admitMarket' | 'listCollateral' | 'listFeed' | 'setSurfaceSigners' | 'setSurfaceLimits' | 'settle' | 'resumeGroup'
  }
>

const MOST = 2n ** 256n - 1n
/** Wad per basis point. */
const WAD_PER_BPS = 10n ** 14n

/** An act of the DAO in clearing. Whether it fits what stands there is the check `clearing`'s business, for any proposal. */
export function buildClearing(action: ClearingAction, context: BuildContext, report: Report): BuiltAction {
  const { clearing } = context
  const state = context.state.clearing
  if (clearing === null || state === null) {
    report(['do'], 'no clearing is known on this chain; name its file of addresses with --clearing')
    return emptyAction
  }
  const { contracts } = clearing
  switch (action.do) {
    case 'openGroup': {
      const [token] = addresses([action.token], ['token'], report) ?? []
      if (token === undefined) return emptyAction
      const args = [encodeScopeId(action.group as ScopeId), token] as const
      const cash = encodeFunctionData({ abi: collateralsAbi, functionName: 'cashOf', args: [args[0]] })
      return {
        ...one(
          contracts.collaterals,
          encodeFunctionData({ abi: collateralsAbi, functionName: 'openGroup', args }),
          `Open ${action.group} with cash ${token}`,
        ),
        readings: [equalTo(contracts.collaterals, cash, BigInt(token))],
      }
    }
    case 'admitMarket': {
      const number = marketNumber(state, action.market, ['market'], report)
      if (number === null) return emptyAction
      const group = encodeScopeId(action.group as ScopeId)
      const data = encodeFunctionData({ abi: collateralsAbi, functionName: 'admitMarket', args: [group, number] })
      const holder = encodeFunctionData({ abi: collateralsAbi, functionName: 'groupOfMarket', args: [number] })
      return {
        ...one(contracts.collaterals, data, `Admit ${action.market} to ${action.group}`),
        readings: [equalTo(contracts.collaterals, holder, BigInt(group))],
      }
    }
    case 'listCollateral':
      return listCollateral(action, clearing, state, report)
    case 'listFeed':
      return listFeed(action, clearing, report)
    case 'setSurfaceSigners': {
      const signers = addresses(action.signers, ['signers'], report)
      if (signers === null) return emptyAction
      const sorted = [...signers].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
      const data = encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'setSigners', args: [sorted, action.threshold] })
      const reading = encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'signers' })
      const words = [BigInt(action.threshold), BigInt(sorted.length), ...sorted.map(BigInt)]
      return {
        ...one(
          contracts.surfaceOracle,
          data,
          `Appoint ${sorted.length} signers of surfaces, ${action.threshold} of which must sign: ${sorted.join(', ')}`,
        ),
        readings: words.map((word, i) => equalTo(contracts.surfaceOracle, reading, word, BigInt(i + 1))),
      }
    }
    case 'setSurfaceLimits':
      return setLimits(action, clearing, state, report)
    case 'settle': {
      const price = BigInt(parseUsdWad(action.price, 'price'))
      const args = [encodeScopeId(action.market as ScopeId), seconds(action.expiry), price] as const
      const data = encodeFunctionData({ abi: settlementOracleAbi, functionName: 'finaliseByGovernance', args })
      const reading = encodeFunctionData({ abi: settlementOracleAbi, functionName: 'settlementOf', args: [args[0], args[1]] })
      return {
        ...one(contracts.settlementOracle, data, `Settle ${action.market} of ${action.expiry} at ${action.price}`),
        readings: [equalTo(contracts.settlementOracle, reading, price)],
      }
    }
    case 'resumeGroup': {
      const args = [encodeScopeId(action.group as ScopeId)] as const
      const reading = encodeFunctionData({ abi: ledgerAbi, functionName: 'sumsOf', args })
      return {
        ...one(contracts.ledger, encodeFunctionData({ abi: ledgerAbi, functionName: 'resume', args }), `End the halt of ${action.group}`),
        readings: [equalTo(contracts.ledger, reading, 0n, HALTED_WORD)],
      }
    }
  }
}

/** Place of `halted` in the answer of `sumsOf`, counted from the ABI: a field put before it moves it. */
const HALTED_WORD = BigInt(
  (ledgerAbi.find((item) => item.type === 'function' && item.name === 'sumsOf')?.outputs[0]?.components ?? []).findIndex(
    ({ name }) => name === 'halted',
  ),
)

const one = (target: Address, data: Hex, summary: string): BuiltAction => {
  const action: Action = { target, value: 0n, data, summary }
  return { ...emptyAction, actions: [action] }
}

function listCollateral(
  action: Extract<ClearingAction, { do: 'listCollateral' }>,
  { contracts }: ClearingDeployment,
  state: ClearingState,
  report: Report,
): BuiltAction {
  const [token] = addresses([action.token], ['token'], report) ?? []
  const ladder = action.ladder === undefined ? 0 : marketNumber(state, action.ladder, ['ladder'], report)
  if (token === undefined || ladder === null) return emptyAction
  const group = encodeScopeId(action.group as ScopeId)
  const args = [group, token, ladder, encodeScopeId(action.asset as ScopeId), encodeScopeId(action.feed as ScopeId)] as const
  const listed = state.groups.find((each) => each.group === action.group)?.collaterals.length ?? 0
  const count = encodeFunctionData({ abi: collateralsAbi, functionName: 'countOf', args: [group] })
  return {
    ...one(
      contracts.collaterals,
      encodeFunctionData({ abi: collateralsAbi, functionName: 'list', args }),
      `List ${token} as ${action.asset} in ${action.group}, priced as ${action.feed}`,
    ),
    // Another collateral of the same draft may come before it.
    readings: [{ target: contracts.collaterals, data: count, word: 0n, floor: BigInt(listed + 1), ceiling: MOST }],
  }
}

function listFeed(action: Extract<ClearingAction, { do: 'listFeed' }>, { contracts }: ClearingDeployment, report: Report): BuiltAction {
  const aggregators = addresses(
    action.sources.map(({ aggregator }) => aggregator),
    ['sources'],
    report,
  )
  if (aggregators === null) return emptyAction
  const sources = action.sources
    .map(({ decimals, heartbeat }, i) => ({
      aggregator: aggregators[i] as Address,
      decimals,
      heartbeat: parseDuration(heartbeat, 1, `heartbeat of ${aggregators[i]}`),
    }))
    .sort((a, b) => (a.aggregator.toLowerCase() < b.aggregator.toLowerCase() ? -1 : 1))
  const settings = { quorum: action.quorum, maxDeviationBps: parseQuantity(action.maxDeviation, 'bps', 'maxDeviation') as number }
  const anchor = BigInt(parseUsdWad(action.price, 'price'))
  const market = encodeScopeId(action.market as ScopeId)
  const last = encodeFunctionData({ abi: priceFeedAbi, functionName: 'lastOf', args: [market] })
  return {
    ...one(
      contracts.priceFeed,
      encodeFunctionData({ abi: priceFeedAbi, functionName: 'list', args: [market, sources, settings, anchor] }),
      `Price ${action.market} by ${settings.quorum} of ${sources.length} sources around ${action.price}`,
    ),
    readings: [equalTo(contracts.priceFeed, last, anchor)],
  }
}

const limitFields = ['volStep', 'volPerHour', 'forwardStep', 'forwardPerHour', 'firstVol', 'firstForward', 'spot', 'referenceVol'] as const

function setLimits(
  action: Extract<ClearingAction, { do: 'setSurfaceLimits' }>,
  { contracts }: ClearingDeployment,
  state: ClearingState,
  report: Report,
): BuiltAction {
  const live = state.limits.find(({ market }) => market === action.market)?.limits
  const words = limitFields.map((field): bigint => {
    const text = action.limits[field]
    if (text === undefined) {
      if (live === undefined) report(['limits', field], `${action.market} has no limits yet, so every field must be given`)
      return BigInt(live?.[field] ?? 0)
    }
    const bps = BigInt(parseQuantity(text, 'bps', field))
    return field === 'referenceVol' ? bps * WAD_PER_BPS : bps
  })
  const [volStep, volPerHour, forwardStep, forwardPerHour, firstVol, firstForward, spot] = words.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const limits = { volStep, volPerHour, forwardStep, forwardPerHour, firstVol, firstForward, spot, referenceVol: words[7] as bigint }
  const market = encodeScopeId(action.market as ScopeId)
  const reading = encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'limitsOf', args: [market] })
  return {
    ...one(
      contracts.surfaceOracle,
      encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'setLimits', args: [market, limits] }),
      `Limit how far signers move the surface of ${action.market}: ${Object.keys(action.limits).join(', ')}`,
    ),
    readings: words.map((word, i) => equalTo(contracts.surfaceOracle, reading, word, BigInt(i))),
  }
}

/** Number of a listed market; null after a report. */
function marketNumber({ markets }: ClearingState, scope: string, path: readonly string[], report: Report): number | null {
  const found = markets.find((each) => each.scope === scope)
  if (found !== undefined) return found.number
  const known = markets.map((each) => each.scope)
  report(path, `${scope} is not listed in chains${didYouMean(scope, known) || `; listed: ${known.join(', ') || 'none'}`}`)
  return null
}
