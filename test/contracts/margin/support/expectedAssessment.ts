import { type Hex, hexToBigInt, type PublicClient, sliceHex, toHex } from 'viem'
import { type ClearingDeployment, unpackHoldings } from '../../../../chain/clearing/index.ts'
import { chainsAbi, ledgerAbi, marginAbi, priceFeedAbi, riskParametersAbi, surfaceOracleAbi } from '../../../../chain/generated/index.ts'
import { type Footing, type HeldChain, type MarketRule, marketRequirement } from '../../../../risk/margin/contract/index.ts'
import type { Address } from '../../../../risk/types/index.ts'

export const footings = ['none', 'stale', 'posted', 'proved'] as const
export type PassName = 'maintenance' | 'initial'

/** What both sides must agree on. */
export type Figures = {
  readonly equity: bigint
  readonly requirement: bigint
  readonly free: bigint
  readonly footing: Footing
  readonly delta: bigint
  readonly gamma: bigint
  readonly vega: bigint
  readonly notional: bigint
  readonly deltaNotional: bigint
}

export type Protocol = {
  readonly client: PublicClient
  readonly parameters: Address
  readonly clearing: ClearingDeployment
  readonly market: Hex
  readonly group: Hex
}

export type Holdings = Awaited<ReturnType<typeof readHoldings>>

const WAD = 10n ** 18n
const BPS = 10_000n
const DAY = 86_400n
const [UNAVAILABLE, FRESH] = [0, 2]
const ladderStatus = ['none', 'posted', 'proved'] as const

export async function readHoldings({ client, clearing }: Protocol, account: bigint) {
  return client.readContract({ address: clearing.contracts.ledger, abi: ledgerAbi, functionName: 'holdingsOf', args: [account] })
}

/** The contract's own answer. */
export async function assessOnChain({ client, clearing }: Protocol, holdings: Holdings, pass: PassName): Promise<Figures> {
  const address = clearing.contracts.margin
  const args = [holdings, pass === 'initial' ? 1 : 0] as const
  const { binding: _, footing, ...figures } = await client.readContract({ address, abi: marginAbi, functionName: 'assess', args })
  return { ...figures, footing: footings[footing] as Footing }
}

/**
 * What margin owes an account of one market without collateral, by contract-rules A13 and B6 and the integer twin, from the store and not from margin's copies: the
 * price of the pass, a widened scan, the worse or milder median, the cap on gains.
 *
 * @param widening - False leaves the scan as it is at an old price.
 */
export async function expectedAssessment(protocol: Protocol, holdings: Holdings, pass: PassName, widening = true): Promise<Figures> {
  const { client, clearing, market, group, parameters } = protocol
  const value = async (id: string, scope = market): Promise<bigint> =>
    client.readContract({ address: parameters, abi: riskParametersAbi, functionName: 'valueOf', args: [scope, idOf(id)] })
  const cash = holdings.cash - holdings.futuresCost
  const chains = await readChains(protocol, holdings)
  if (chains.length === 0) return { ...nothing, equity: cash, free: cash - overGains(cash, 0n) }

  const feed = { address: clearing.contracts.priceFeed, abi: priceFeedAbi } as const
  const maxAge = await value('oracle.maxAge')
  const [quoted, observedAt, status] = await client.readContract({ ...feed, functionName: 'quoteOf', args: [market, maxAge] })
  const time = (await client.getBlock()).timestamp
  let rule = await readRule(protocol, pass)
  let price = quoted
  let footing: Footing = 'proved'
  if (status !== FRESH) {
    const age = time - BigInt(observedAt)
    const gone = status === UNAVAILABLE || age > 4n * maxAge
    footing = gone ? 'none' : 'stale'
    const [recorded] = await client.readContract({ ...feed, functionName: 'lastOf', args: [market] })
    if (gone || pass === 'maintenance') price = recorded
    if (pass === 'initial' && widening) rule = widened(rule, age > maxAge ? age - maxAge : 0n)
  }
  const gainsCap = await value('margin.gainsCap', group)
  const at = (index: bigint): Figures => {
    const totals = marketRequirement({ time, price: index, units: 0n, rule, chains })
    const equity = cash + totals.equity
    const counted = pass === 'initial' ? equity - overGains(equity, (totals.required * gainsCap) / BPS) : equity
    const { delta, gamma, vega, notional, deltaNotional } = totals
    return {
      equity,
      requirement: totals.required,
      free: counted - totals.required,
      footing: worse(footing, totals.footing),
      delta,
      gamma,
      vega: vega / 100n,
      notional,
      deltaNotional,
    }
  }
  const first = at(price)
  const [median] = await client.readContract({ ...feed, functionName: 'medianOf', args: [market] })
  const matters = first.free < 0n === (pass === 'maintenance')
  if (!matters || status !== FRESH || median === 0n || median === price) return first
  const other = at(median)
  return (pass === 'maintenance' ? other.free > first.free : other.free < first.free) ? other : first

  /** Gains since deposit beyond their ceiling; only new risk asks. */
  function overGains(equity: bigint, ceiling: bigint): bigint {
    const gains = equity - holdings.contributed
    return pass === 'initial' && gains > 0n && gains > ceiling ? gains - ceiling : 0n
  }
}

const nothing: Omit<Figures, 'equity' | 'free'> = {
  requirement: 0n,
  footing: 'proved',
  delta: 0n,
  gamma: 0n,
  vega: 0n,
  notional: 0n,
  deltaNotional: 0n,
}

async function readRule({ client, parameters, market }: Protocol, pass: PassName): Promise<MarketRule> {
  const read = (functionName: 'valueOf' | 'effectiveOf', id: string): Promise<bigint> =>
    client.readContract({ address: parameters, abi: riskParametersAbi, functionName, args: [market, idOf(id)] })
  const target = (id: string): Promise<bigint> => read('valueOf', id)
  const ramped = (id: string): Promise<bigint> => read(pass === 'maintenance' ? 'effectiveOf' : 'valueOf', id)
  const [range, floor] = [await ramped('margin.priceScanRange'), await target('margin.initialRangeFloor')]
  const initial = pass === 'initial'
  return {
    range: (initial && floor > range ? floor : range) * 10n ** 14n,
    volScanUp: await ramped('margin.volScanUp'),
    volScanDown: await ramped('margin.volScanDown'),
    shortOptionMinimum: await ramped('margin.shortOptionMinimum'),
    tailWeight: await ramped('margin.tailWeight'),
    multiplier: initial ? await target('margin.initialMultiplier') : BPS,
    deltaAddOn: await target('margin.deltaAddOn'),
    gammaAddOn: await target('margin.gammaAddOn'),
    vegaAddOn: await target('margin.vegaAddOn'),
    residual: await target('margin.betaResidual'),
    depth: await target('market.depth'),
    vegaDepth: await target('market.vegaDepth'),
  }
}

/** Risk-policy B10: sqrt(1 + days beyond the age), 1.1 to 1.5 times. */
function widened(rule: MarketRule, excess: bigint): MarketRule {
  const days = excess < 10n * DAY ? excess : 10n * DAY
  const root = squareRoot((WAD + (days * WAD) / DAY) * WAD)
  const factor = root < (WAD * 11n) / 10n ? (WAD * 11n) / 10n : root > (WAD * 15n) / 10n ? (WAD * 15n) / 10n : root
  const range = (rule.range * factor) / WAD
  const widest = WAD - 10n ** 9n
  return { ...rule, range: range < widest ? range : widest, volScanUp: (rule.volScanUp * factor + WAD - 1n) / WAD }
}

async function readChains({ client, clearing, market }: Protocol, holdings: Holdings): Promise<HeldChain[]> {
  const chains = { address: clearing.contracts.chains, abi: chainsAbi } as const
  const surfaces = { address: clearing.contracts.surfaceOracle, abi: surfaceOracleAbi } as const
  const byChain = Map.groupBy(unpackHoldings(holdings), ({ instrument }) => Number(instrument >> 32n))
  const held: HeldChain[] = []
  for (const [number, positions] of byChain) {
    const { expiry, status, settled, blob } = await client.readContract({ ...chains, functionName: 'record', args: [number] })
    const settlement = settled ? await client.readContract({ ...chains, functionName: 'settlementOf', args: [number] }) : null
    const [atmVol, validUntil, version] = await client.readContract({ ...surfaces, functionName: 'indexOf', args: [market, expiry] })
    const code = status === 0 ? undefined : await client.getCode({ address: blob })
    held.push({
      expiry: BigInt(expiry),
      status: ladderStatus[status] as HeldChain['status'],
      settlement,
      ladder: code === undefined ? null : wordsOf(code),
      index: { atmVol, validUntil: BigInt(validUntil), version: BigInt(version) },
      legs: positions.map(({ instrument, lots }) => ({ leg: Number(instrument & 0xffn), lots })),
    })
  }
  return held
}

/** Words of a blob, which begins with a byte that stops who calls it. */
function wordsOf(code: Hex): bigint[] {
  const words = (code.length - 4) / 64
  return Array.from({ length: words }, (_, i) => hexToBigInt(sliceHex(code, 1 + 32 * i, 33 + 32 * i)))
}

function idOf(name: string): Hex {
  return toHex(name, { size: 32 })
}

function worse(a: Footing, b: Footing): Footing {
  return footings.indexOf(a) < footings.indexOf(b) ? a : b
}

function squareRoot(square: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(square.toString(2).length / 2))
  for (let next = (root + square / root) >> 1n; next < root; next = (root + square / root) >> 1n) root = next
  return root
}
