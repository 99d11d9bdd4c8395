import type { PublicClient } from 'viem'
import type { SurfaceSlice } from '../../risk/margin/ladder/index.ts'
import type { Address, Hex, ParamId, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import { decodeState } from '../codec/index.ts'
import { withChainErrors } from '../errors/index.ts'
import {
  chainsAbi,
  collateralsAbi,
  insuranceFundAbi,
  ledgerAbi,
  liquidationAbi,
  priceFeedAbi,
  riskParametersAbi,
  surfaceOracleAbi,
} from '../generated/index.ts'
import { decodeScopeId, encodeParamId, encodeScopeId } from '../ids/index.ts'
import { mapConcurrently } from '../read/mapConcurrently.ts'
import type { ClearingDeployment } from './ClearingDeployment.ts'
import type { AccountState, FlagPrice, GroupState, HeldChain, HeldMarket, ListedCollateral } from './GroupState.ts'
import { unpackHoldings } from './unpackHoldings.ts'

export type GroupQuery = {
  readonly group: ScopeId
  /** Every account that may be of the group; others, and those that were opened later, are left out. */
  readonly candidates: readonly bigint[]
  /** Parameters that margin reads in each market. */
  readonly marketIds: readonly ParamId[]
  readonly block: bigint
}

const FRESH = 2

/**
 * A margin group at one block: its accounts, the chains and markets that they hold, prices, surface, fund and the parameters that margin reads.
 *
 * @param riskParameters - The store that clearing reads.
 * @throws {ContractRevertError} A market, a scope or a parameter is not there. {RpcUnavailableError} The node does not answer, or no longer has the block's state.
 */
export async function readGroupState(
  client: PublicClient,
  { contracts }: ClearingDeployment,
  riskParameters: Address,
  { group, candidates, marketIds, block: blockNumber }: GroupQuery,
): Promise<GroupState> {
  const scope = encodeScopeId(group)
  const at = { blockNumber } as const
  const ledger = { ...at, address: contracts.ledger, abi: ledgerAbi } as const
  const listing = { ...at, address: contracts.collaterals, abi: collateralsAbi } as const
  const registry = { ...at, address: contracts.chains, abi: chainsAbi } as const
  return withChainErrors(async () => {
    const [accounts, listed, [shownCover, , fund], count] = await Promise.all([
      readAccounts(client, contracts, scope, candidates, blockNumber),
      client.readContract({ ...listing, functionName: 'collateralsOf', args: [scope] }),
      client.readContract({ ...at, address: contracts.insuranceFund, abi: insuranceFundAbi, functionName: 'coverageOf', args: [scope] }),
      client.readContract({ ...registry, functionName: 'marketCount' }),
    ])
    const numbers = Array.from({ length: count }, (_, i) => i + 1)
    const names = new Map<number, ScopeId>()
    await mapConcurrently(numbers, async (number) => {
      names.set(number, decodeScopeId(await client.readContract({ ...registry, functionName: 'marketOf', args: [number] })))
    })
    const collaterals = listed.map(
      ({ decimals, market, asset, feed }): ListedCollateral => ({
        decimals,
        market: names.get(market) ?? null,
        asset: decodeScopeId(asset),
        feed: decodeScopeId(feed),
      }),
    )
    const held = [...new Set(accounts.flatMap(({ positions }) => positions.map(({ instrument }) => Number(instrument >> 32n))))]
    const chains = await mapConcurrently(
      held.sort((a, b) => a - b),
      (chain) => readChain(client, contracts, chain, names, blockNumber),
    )
    const scopes = marketsHeld(accounts, chains, collaterals)
    const values = await readValues(client, riskParameters, scopesOfValues(scopes, collaterals, marketIds), blockNumber)
    const maxAgeOf = (market: ScopeId): Promise<bigint> =>
      client.readContract({
        ...at,
        address: riskParameters,
        abi: riskParametersAbi,
        functionName: 'valueOf',
        args: [encodeScopeId(market), encodeParamId('oracle.maxAge')],
      })
    const priceOf = async (market: ScopeId): Promise<FlagPrice> =>
      readPrice(client, contracts.priceFeed, market, await maxAgeOf(market), blockNumber)
    const markets = await mapConcurrently(scopes, async (market): Promise<HeldMarket> => {
      const number = numbers.find((each) => names.get(each) === market) ?? 0
      const [price, openInterestLots] = await Promise.all([
        priceOf(market),
        client.readContract({ ...ledger, functionName: 'marketOpenInterestOf', args: [number] }),
      ])
      return { market, openInterestLots, ...price }
    })
    const feeds = [...new Set(collaterals.filter(({ market }) => market === null).map(({ feed }) => feed))]
    const prices = new Map(await mapConcurrently(feeds, async (feed): Promise<[ScopeId, FlagPrice]> => [feed, await priceOf(feed)]))
    return { accounts, chains, markets, collaterals, prices, values, fund, shownCover }
  })
}

async function readAccounts(
  client: PublicClient,
  contracts: ClearingDeployment['contracts'],
  group: Hex,
  candidates: readonly bigint[],
  blockNumber: bigint,
): Promise<AccountState[]> {
  const read = await mapConcurrently(candidates, async (account): Promise<AccountState | null> => {
    const args = [account] as const
    const [holdings, flagged] = await Promise.all([
      client.readContract({ address: contracts.ledger, abi: ledgerAbi, functionName: 'holdingsOf', args, blockNumber }),
      client.readContract({ address: contracts.liquidation, abi: liquidationAbi, functionName: 'isFlagged', args, blockNumber }),
    ])
    if (holdings.group !== group) return null
    const { cash, futuresCost, contributed, collateral } = holdings
    return { account, cash, futuresCost, contributed, positions: unpackHoldings(holdings), collateral, flagged }
  })
  return read.filter((account) => account !== null)
}

async function readChain(
  client: PublicClient,
  contracts: ClearingDeployment['contracts'],
  chain: number,
  names: ReadonlyMap<number, ScopeId>,
  blockNumber: bigint,
): Promise<HeldChain> {
  const at = { address: contracts.chains, abi: chainsAbi, blockNumber, args: [chain] } as const
  const [record, [strikes, payoff], payoffs] = await Promise.all([
    client.readContract({ ...at, functionName: 'record' }),
    client.readContract({ ...at, functionName: 'strikesOf' }),
    client.readContract({ address: contracts.chains, abi: chainsAbi, blockNumber, functionName: 'payoffs' }),
  ])
  const market = names.get(record.market) as ScopeId
  const [settlement, slice] = await Promise.all([
    record.settled ? client.readContract({ ...at, functionName: 'settlementOf' }) : null,
    readSliceAt(client, contracts.surfaceOracle, market, record.expiry, blockNumber),
  ])
  return { chain, market, expiry: record.expiry, kind: payoffs.indexOf(payoff) === 0 ? 'vanilla' : 'digital', strikes, settlement, slice }
}

async function readSliceAt(
  client: PublicClient,
  address: Address,
  market: ScopeId,
  expiry: UnixSeconds,
  blockNumber: bigint,
): Promise<SurfaceSlice | null> {
  const args = [encodeScopeId(market), expiry] as const
  const slice = await client.readContract({ address, abi: surfaceOracleAbi, functionName: 'sliceOf', args, blockNumber })
  return slice.version === 0 ? null : slice
}

/** Markets in which an account holds a position or their underlying, ascending. */
function marketsHeld(accounts: readonly AccountState[], chains: readonly HeldChain[], collaterals: readonly ListedCollateral[]): ScopeId[] {
  const backed = accounts.flatMap(({ collateral }) =>
    collateral.flatMap((amount, place) => (amount > 0n ? [collaterals[place]?.market] : [])),
  )
  const markets = [...chains.map(({ market }) => market), ...backed].filter((market) => market != null)
  return [...new Set(markets)].sort()
}

function scopesOfValues(
  markets: readonly ScopeId[],
  collaterals: readonly ListedCollateral[],
  marketIds: readonly ParamId[],
): (readonly [ScopeId, ParamId])[] {
  const wanted = [
    ...markets.flatMap((market) => marketIds.map((id): [ScopeId, ParamId] => [market, id])),
    ...[...new Set(collaterals.map(({ asset }) => asset))].map((asset): [ScopeId, ParamId] => [asset, 'collateral.haircut']),
  ]
  return wanted.sort((a, b) => (a.join() < b.join() ? -1 : 1))
}

function readValues(
  client: PublicClient,
  address: Address,
  wanted: readonly (readonly [ScopeId, ParamId])[],
  blockNumber: bigint,
): Promise<GroupState['values'][number][]> {
  return mapConcurrently(wanted, async ([scope, id]) => {
    const args = [encodeScopeId(scope), encodeParamId(id)] as const
    const state = await client.readContract({ address, abi: riskParametersAbi, functionName: 'stateOf', args, blockNumber })
    const { value, effective } = decodeState(state)
    return { scope, id, value, effective }
  })
}

/** As the margin rule takes it for maintenance (contract-rules A13). */
async function readPrice(client: PublicClient, address: Address, market: ScopeId, maxAge: bigint, blockNumber: bigint): Promise<FlagPrice> {
  const args = encodeScopeId(market)
  const feed = { address, abi: priceFeedAbi, blockNumber } as const
  const [[price, observedAt, status], [last, time]] = await Promise.all([
    client.readContract({ ...feed, functionName: 'quoteOf', args: [args, maxAge] }),
    client.readContract({ ...feed, functionName: 'lastOf', args: [args] }),
  ])
  if (status === FRESH) return { price, time: observedAt }
  return time === 0 ? { price, time: observedAt } : { price: last, time }
}
