import { createChainReader } from '../../chain/read/index.ts'
import { createContractClearing } from '../../controller/drill/createContractClearing.ts'
import type { DrillPace } from '../../controller/drill/DrillSetup.ts'
import { depositsOf, drawTraders } from '../../controller/drill/drawTraders.ts'
import { hourlyParameters } from '../../controller/drill/hourlyParameters.ts'
import { marketAtOpening } from '../../controller/drill/marketAtOpening.ts'
import { runDrill } from '../../controller/drill/runDrill.ts'
import type { DrillResult } from '../../controller/drill/types.ts'
import type { EngineConfiguration, MarketSource, UnixSeconds } from '../../risk/types/index.ts'
import type { MarketConfiguration } from './loadMarket.ts'
import type { StartOptions } from './StartOptions.ts'
import { group, type RunningChain } from './setUpChain.ts'

/** Marks at the close of an hour in which prices move by 2 %; calmer ones are passed over until the fourth: a start has 90 seconds, and every mark proves ladders and reads everybody's margin. */
const pace: DrillPace = { stepsPerHour: 1, quiet: { move: 0.02, hours: 4 }, emptyLandings: false }
/** One expiry, on the second Friday, so that a crash finds it open. */
const weeks = [1]
const makers = 2
const biddersOfAKind = 1
/** Shares of the traders' deposits. */
const bidderCapital = 0.5
const fundShare = 0.02
/** Of a transaction of a bidder in a calm market, USD. */
const gas = 1

export type ClearMarketOptions = Pick<StartOptions, 'market' | 'from' | 'to' | 'accounts' | 'seed'> & {
  readonly chain: RunningChain
  readonly configuration: MarketConfiguration
  readonly source: MarketSource
  /** A tick of the engines, and how many rounds of it moved parameters. */
  readonly tick: (observedAt: UnixSeconds) => Promise<number>
  readonly signal: AbortSignal
}

/**
 * Runs accounts through the window on the contracts: traders, makers and bidders with a key each, margined by what the engines have moved, flagged, sold in slices, backed by the fund. Prices,
 * surfaces and ladders follow the market's bars.
 *
 * @throws what engines, contracts and sources throw; the abort reason when `signal` is aborted.
 */
export async function clearMarket({
  chain,
  configuration,
  source,
  market,
  from,
  to,
  accounts,
  seed,
  tick,
  signal,
}: ClearMarketOptions): Promise<DrillResult> {
  const { local, desk } = chain
  const reader = createChainReader(local.client, chain.deployment, configuration.catalogue)
  const { readParameters, forget } = hourlyParameters(() => reader)
  const scope = `market:${market}` as const
  const steered = configuration.engines.find((engine) => engine.scope === scope) as EngineConfiguration
  const markets = [{ name: market, source, configuration: steered }]
  let venue: ReturnType<typeof createContractClearing> | undefined
  try {
    return await runDrill({
      seed,
      from,
      to,
      accounts,
      controller: true,
      markets,
      group,
      readParameters,
      openEngines: () => async (observedAt) => {
        forget()
        return tick(observedAt)
      },
      pace,
      weeks,
      makers,
      bidders: biddersOfAKind,
      bidderCapital,
      gas,
      openVenue: async (contracts) => {
        const opening = await marketAtOpening({ name: market, source }, contracts, from)
        await chain.clearing.writePrices((await local.time()) + 60, new Map([[market, opening.spot]]))
        await chain.clearing.listChains(opening)
        await chain.clearing.postMarket(market, opening.spot, opening.vol)
        await chain.clearing.raiseFund(fundShare * depositsOf(drawTraders(seed, [market], accounts)))
        venue = createContractClearing({ local, chain: chain.clearing, sender: desk, group, contracts, seed })
        return venue
      },
      signal,
    })
  } finally {
    venue?.close()
  }
}
