import {
  type AccountReading,
  backstopAccount,
  type ClearingTick,
  type LossReading,
  type MarketMark,
  markContract,
} from '../../risk/clearing/index.ts'
import { fromWadUsd } from '../../risk/liquidation/index.ts'
import type { Bar, Fraction, LiveParameter, UnixSeconds, Usd } from '../../risk/types/index.ts'
import { fromBps } from '../../risk/units.ts'
import { createRandom } from '../sources/random.ts'
import { createBench, INCLUSION } from './Bench.ts'
import { type CrowdView, createCrowd } from './Crowd.ts'
import { clearingParameters, groupParameters } from './clearingParameters.ts'
import type { DrillMarket, DrillSetup } from './DrillSetup.ts'
import { drawBidders, drawMakers, drawTraders, OPENING_HOURS } from './drawTraders.ts'
import { frictionsOf } from './frictionsOf.ts'
import { listDrillContracts } from './listDrillContracts.ts'
import { pricePath, STEPS_PER_HOUR } from './pricePath.ts'
import type { DrillPoint, DrillResult, Frictions } from './types.ts'

const HOUR = 3_600
const DAY_HOURS = 24
/** Flags accounts, and has the keeper's rewards. */
const KEEPER = 'keeper'

type HourPath = { readonly prices: readonly Usd[]; readonly markVol: number; readonly close: Usd }

/**
 * One run of a crash: traders, makers and bidders on a venue that clears, along the bars of the sources, with the controller deciding every hour or not at all. Conservation is checked
 * after every block.
 *
 * @throws what sources, rules and venue throw; the abort reason when `signal` is aborted.
 */
export async function runDrill(setup: DrillSetup): Promise<DrillResult> {
  const { seed, from, to, markets, controller, signal } = setup
  const names = markets.map(({ name }) => name)
  const opening = new Map(
    await Promise.all(markets.map(async ({ name, source }) => [name, (await source.fetchObservation(from - HOUR, from)).spot] as const)),
  )
  const contracts = markets.flatMap(({ name }) => listDrillContracts(name, from, opening.get(name) as Usd, setup.weeks))
  const venue = await setup.openVenue(contracts)
  const traders = drawTraders(seed, names, setup.accounts)
  const makers = drawMakers(traders, setup.makers)
  const bidders = drawBidders(traders, setup.bidders, setup.bidderCapital)
  for (const { account, deposit } of [...traders, ...makers, ...bidders]) await venue.deposit(account, deposit)
  await venue.deposit(KEEPER, 0)
  const crowd = createCrowd(
    venue,
    seed,
    traders,
    makers.map(({ account }) => account),
  )
  const bench = createBench(venue, seed, bidders)
  const blocks = createRandom(`blocks:${seed}`)
  const tally = createTally(fromWadUsd((await venue.readSums()).fund))
  const tickEngines = setup.openEngines(venue)
  const closes = new Map<string, Usd[]>(names.map((name) => [name, []]))
  const hours = (to - from) / HOUR
  const { stepsPerHour, quiet, emptyLandings } = setup.pace
  let last = { hour: 0, closes: opening as ReadonlyMap<string, Usd> }
  let inventories = false

  for (let hour = 0; hour < hours; hour++) {
    signal?.throwIfAborted()
    const start = from + hour * HOUR
    const paths = new Map(await Promise.all(markets.map(async (market) => [market.name, await pathOf(market, start)] as const)))
    for (const [name, { prices }] of paths) (closes.get(name) as Usd[]).push(prices[0] as Usd)
    if (hour === 0) await venue.advance(await tickAt(start, opening))
    tally.moves += await tickEngines(start)
    if (isDue(hour, paths)) {
      for (let step = 1; step <= stepsPerHour; step++) {
        const time = start + (step * HOUR) / stepsPerHour
        await clear(time, pricesAt(paths, (step * STEPS_PER_HOUR) / stepsPerHour - 1), paths)
      }
      await crowd.act(await crowdView(start + HOUR, hour, paths))
      await observe(start + HOUR, paths)
      last = { hour, closes: new Map([...paths].map(([name, { close }]) => [name, close])) }
    }
    setup.onHour?.(hour + 1, hours)
  }
  return summarise()

  // ------------------------------------------------------------------ one step

  /** Whether an hour is cleared: people open in the first ones, then it is due when a price of it leaves the band around the last marks, or after long enough. */
  function isDue(hour: number, paths: ReadonlyMap<string, HourPath>): boolean {
    if (quiet === null || hour < OPENING_HOURS || hour - last.hour >= quiet.hours || hour === hours - 1) return true
    return [...paths].some(([name, { prices }]) => {
      const before = last.closes.get(name) as Usd
      return prices.some((price) => Math.abs(price / before - 1) >= quiet.move)
    })
  }

  /** Marks move, accounts are flagged, bids are simulated, land in a later block, and what was taken is traded away. */
  async function clear(time: UnixSeconds, prices: ReadonlyMap<string, Usd>, paths: ReadonlyMap<string, HourPath>): Promise<void> {
    const simulated = await tickAt(time - INCLUSION, prices, paths)
    tally.settled += (await venue.advance(simulated)).settled.length
    await check()
    const readings = byAccount(await venue.readAccounts())
    for (const reading of readings.values()) {
      if (reading.equity < 0 && reading.positions.size > 0) tally.bankrupt.add(reading.account)
      if (reading.equity >= reading.maintenance || reading.maintenance === 0) continue
      if ((await venue.flag(reading.account, KEEPER)).kind === 'done') {
        tally.flagged += 1
        tally.flaggedAt.set(reading.account, time)
      }
    }
    const sent = await bench.bids({ readings, frictions: frictionsAt(simulated), gas: gasAt(simulated) })
    // The price goes on while transactions wait: a minute's move of the mark vol, drawn once for all markets and scaled to each.
    const shock = blocks.normal()
    const landed = sent.length > 0 || emptyLandings ? await tickAt(time, moved(prices, simulated, shock), paths) : simulated
    if (landed !== simulated) tally.settled += (await venue.advance(landed)).settled.length
    if (sent.length > 0) {
      await bench.include(sent, { readings: byAccount(await venue.readAccounts()), frictions: frictionsAt(landed), gas: gasAt(landed) })
      inventories = true
    }
    await check()
    if (inventories) inventories = await tradeInventories(time, paths, landed)
    await resolveDue()
    await check()
    const open = new Set((await venue.readAuctions()).map(({ account }) => account))
    for (const [account, since] of tally.flaggedAt) {
      tally.longestAuction = Math.max(tally.longestAuction, time - since)
      if (!open.has(account)) tally.flaggedAt.delete(account)
    }
  }

  async function resolveDue(): Promise<void> {
    for (const { account, quote } of await venue.readAuctions()) {
      if (quote.phase !== 'insolvent') continue
      const outcome = await venue.resolve(account)
      if (outcome.kind !== 'done') continue
      if (outcome.how === 'backstop') {
        tally.backstopped += 1
        inventories = true
      } else tally.tornUp += 1
      tally.losses.push(outcome.losses)
    }
  }

  /** Bidders and the fund's account keep nothing: what they took goes to the makers at once, at spread and impact. Returns whether anything was held, so that the next step looks again. */
  async function tradeInventories(time: UnixSeconds, paths: ReadonlyMap<string, HourPath>, tick: ClearingTick): Promise<boolean> {
    let some = false
    const readings = byAccount(await venue.readAccounts())
    const view = viewOf(time, 0, paths, tick, readings)
    for (const bidder of [...bidders, { account: backstopAccount, kind: null }]) {
      const held = readings.get(bidder.account)?.positions
      if (held === undefined || held.size === 0) continue
      some = true
      const legs = [...held].map(([instrument, quantity]) => ({ instrument, contracts: -Number(quantity) / 1e18 }))
      const paid = await crowd.tradeAway(bidder.account, legs, view)
      if (bidder.kind !== null) bench.book(bidder, paid)
    }
    return some
  }

  async function check(): Promise<void> {
    tally.checks += 1
    tally.faults.push(...(await venue.faults()))
  }

  // ------------------------------------------------------------------ views

  async function tickAt(time: UnixSeconds, prices: ReadonlyMap<string, Usd>, paths?: ReadonlyMap<string, HourPath>): Promise<ClearingTick> {
    const vols = paths ?? new Map(await Promise.all(markets.map(async (market) => [market.name, await pathOf(market, time)] as const)))
    const marks = new Map(
      names.map((name): [string, MarketMark] => [name, { spot: prices.get(name) as Usd, markVol: (vols.get(name) as HourPath).markVol }]),
    )
    const parameters = new Map(
      await Promise.all(
        markets.map(
          async ({ name, configuration }) =>
            [name, clearingParameters(await parametersOf(configuration.scope, time), configuration)] as const,
        ),
      ),
    )
    return { time, marks, parameters, group: groupParameters(await parametersOf(setup.group, time)) }
  }

  function parametersOf(scope: DrillSetup['group'], time: UnixSeconds): Promise<readonly LiveParameter[]> {
    return setup.readParameters(scope, time)
  }

  function viewOf(
    time: UnixSeconds,
    hour: number,
    paths: ReadonlyMap<string, HourPath>,
    tick: ClearingTick,
    readings: ReadonlyMap<string, AccountReading>,
  ): CrowdView {
    const spots = new Map([...tick.marks].map(([name, { spot }]) => [name, spot]))
    return {
      time,
      hour,
      contracts: venue.contracts,
      spots,
      dayMoves: new Map([...paths].map(([name, { close }]) => [name, dayMove(closes.get(name) as Usd[], close)])),
      futureNeed: new Map(
        [...tick.parameters].map(([name, { margin }]) => [
          name,
          margin.initialMultiplier * Math.max(margin.initialRange, margin.priceScanRange),
        ]),
      ),
      readings,
      frictions: frictionsAt(tick),
      quotes: (instrument) => {
        const contract = venue.contracts.get(instrument)
        if (contract === undefined) return { value: 0, delta: 0 }
        return markContract(contract, tick.marks.get(contract.market) as MarketMark, tick.time)
      },
    }
  }

  async function crowdView(time: UnixSeconds, hour: number, paths: ReadonlyMap<string, HourPath>): Promise<CrowdView> {
    const spots = new Map([...paths].map(([name, { close }]) => [name, close]))
    const tick = await tickAt(time, spots, paths)
    return viewOf(time, hour, paths, tick, byAccount(await venue.readAccounts()))
  }

  function frictionsAt({ marks, parameters }: ClearingTick): Map<string, Frictions> {
    return new Map(
      [...marks].map(([name, mark]) => [
        name,
        frictionsOf(mark, parameters.get(name)?.margin.liquidity?.depth ?? Number.POSITIVE_INFINITY),
      ]),
    )
  }

  /** Blocks fill when markets move: gas rises with the square of volatility over its calm level. */
  function gasAt({ marks }: ClearingTick): Usd {
    const heat = Math.max(1, ...[...marks.values()].map(({ markVol }) => markVol / 0.8))
    return setup.gas * heat * heat
  }

  function moved(prices: ReadonlyMap<string, Usd>, { marks }: ClearingTick, shock: number): Map<string, Usd> {
    return new Map(
      [...prices].map(([name, price]) => {
        const { markVol } = marks.get(name) as MarketMark
        return [name, price * (1 + shock * markVol * Math.sqrt(INCLUSION / (365 * 86_400)))]
      }),
    )
  }

  // ------------------------------------------------------------------ record

  async function observe(time: UnixSeconds, paths: ReadonlyMap<string, HourPath>): Promise<void> {
    const readings = await venue.readAccounts()
    const sums = await venue.readSums()
    const ranges = await Promise.all(
      markets.map(async ({ name, configuration }) => [name, rangeOf(await parametersOf(configuration.scope, time))] as const),
    )
    const point: DrillPoint = {
      time,
      spots: Object.fromEntries([...paths].map(([name, { close }]) => [name, close])),
      scanRanges: Object.fromEntries(ranges),
      equity: total(readings, ({ equity }) => equity),
      maintenance: total(readings, ({ maintenance }) => maintenance),
      initial: total(readings, ({ initial }) => initial),
      notional: total(readings, ({ notional }) => notional),
      fund: fromWadUsd(sums.fund),
      debt: fromWadUsd(sums.debt),
      liquidatable: readings.filter(({ equity, maintenance }) => equity < maintenance).length,
      auctions: (await venue.readAuctions()).length,
    }
    tally.points.push(point)
    tally.fundLeast = Math.min(tally.fundLeast, point.fund)
  }

  async function summarise(): Promise<DrillResult> {
    const sums = await venue.readSums()
    const equities = new Map((await venue.readAccounts()).map(({ account, equity }) => [account, equity]))
    const sales = bench.sales()
    const losses = [...tally.losses, ...sales.losses]
    const paid = (layer: keyof LossReading): Usd => losses.reduce((sum, loss) => sum + fromWadUsd(loss[layer]), 0)
    const mean = (of: (point: DrillPoint) => number): number => total(tally.points, of) / tally.points.length
    const { trades, refused } = crowd.counts()
    return {
      seed,
      controller,
      accounts: setup.accounts,
      trades,
      refusedTrades: refused,
      flagged: tally.flagged,
      liquidatedAccounts: sales.accounts.size,
      slices: sales.slices,
      liquidatedNotional: sales.notional,
      charges: sales.charges,
      longestAuction: tally.longestAuction,
      bankruptcies: tally.bankrupt.size,
      backstopped: tally.backstopped,
      tornUp: tally.tornUp,
      deficit: paid('deficit'),
      paidByFund: paid('fund'),
      paidByProfit: paid('profit'),
      paidByPrincipal: paid('principal'),
      uncovered: paid('uncovered'),
      rewardsFromFund: sales.rewardsFromFund,
      fundStart: tally.fundStart,
      fundEnd: fromWadUsd(sums.fund),
      fundLeast: tally.fundLeast,
      halted: sums.halted,
      meanInitial: mean(({ initial }) => initial),
      meanMaintenance: mean(({ maintenance }) => maintenance),
      meanNotional: mean(({ notional }) => notional),
      mostInitial: Math.max(...tally.points.map(({ initial }) => initial)),
      parameterMoves: tally.moves,
      settled: tally.settled,
      checks: tally.checks,
      faults: tally.faults,
      bidders: bench.results(equities),
      points: tally.points,
    }
  }
}

function createTally(fund: Usd) {
  return {
    flagged: 0,
    flaggedAt: new Map<string, UnixSeconds>(),
    longestAuction: 0,
    bankrupt: new Set<string>(),
    backstopped: 0,
    tornUp: 0,
    losses: [] as LossReading[],
    moves: 0,
    settled: 0,
    checks: 0,
    faults: [] as string[],
    points: [] as DrillPoint[],
    fundStart: fund,
    fundLeast: fund,
  }
}

/** The way through the hour from `start`: its bar when there is one, else the last price goes on. */
async function pathOf({ source }: DrillMarket, start: UnixSeconds): Promise<HourPath> {
  const { spot, markVol } = await source.fetchObservation(start - HOUR, start)
  const { bars } = await source.fetchObservation(start, start + HOUR)
  const bar: Pick<Bar, 'open' | 'high' | 'low' | 'close'> = bars.at(-1) ?? { open: spot, high: spot, low: spot, close: spot }
  return { prices: pricePath(bar), markVol, close: bar.close }
}

function pricesAt(paths: ReadonlyMap<string, HourPath>, step: number): Map<string, Usd> {
  return new Map([...paths].map(([name, { prices }]) => [name, prices[step] as Usd]))
}

function dayMove(closes: readonly Usd[], close: Usd): Fraction {
  const before = closes[Math.max(0, closes.length - DAY_HOURS)]
  return before === undefined ? 0 : close / before - 1
}

function rangeOf(parameters: readonly LiveParameter[]): Fraction {
  return fromBps(parameters.find(({ id }) => id === 'margin.priceScanRange')?.state.effective ?? 0)
}

function byAccount(readings: readonly AccountReading[]): Map<string, AccountReading> {
  return new Map(readings.map((reading) => [reading.account, reading]))
}

function total<Value>(values: readonly Value[], of: (value: Value) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0)
}
