import { exp, log, quantile } from '../../risk/math/index.ts'
import type {
  Bar,
  ClearingObservation,
  Fraction,
  ImpliedVolObservation,
  LiquidityObservation,
  UnixSeconds,
  Usd,
  Vol,
} from '../../risk/types/index.ts'
import { createRandom, type Random } from './random.ts'

export type Crash = {
  /** Start of the first falling hour; a whole hour. */
  readonly at: UnixSeconds
  readonly hours: number
  /** Share of the price that is lost over these hours, before noise: 0.45 is -45 %. */
  readonly fall: Fraction
}

export type SimulatedMarketOptions = {
  readonly seed: string
  /** Start of the first bar; a whole hour. */
  readonly origin: UnixSeconds
  readonly price: Usd
  /** Long-run annualised volatility. */
  readonly vol: Vol
  /** Depth in calm markets: USD that moves the price by 1 %. */
  readonly depthUsd: Usd
  /** Units of the base asset traded in a calm hour. */
  readonly hourlyVolume: number
  /** Open interest, in units of the base asset. */
  readonly openInterest: number
  readonly crashes: readonly Crash[]
}

/** One simulated hour and what is seen at its end. */
export type SimulatedHour = {
  readonly bar: Bar
  readonly liquidity: LiquidityObservation
  readonly impliedVol: ImpliedVolObservation
  readonly clearing: ClearingObservation
}

const HOUR = 3_600
const STEPS_PER_HOUR = 12
const TEN_MINUTES_PER_DAY = 144
const YEAR = 365 * 86_400
const STEP_YEARS = HOUR / STEPS_PER_HOUR / YEAR
/** Speed at which log-volatility returns to its mean, a year: a half-life of four days. */
const REVERSION = log(2) / (4 / 365)
/** Volatility of log-volatility, a year. */
const VOL_OF_VOL = 5
/** Correlation of returns and changes of volatility. */
const LEVERAGE = -0.4
const JUMPS_PER_YEAR = 25
/** Jump of the log-price: mean and standard deviation. */
const JUMP_MEAN = -0.01
const JUMP_SIZE = 0.03
/** What a crash adds to log-volatility in its first hour: the level rises to about four times the usual. */
const CRASH_VOL_SHOCK = 1.4

/** `tenMinuteMoves`: sizes of the last day's 10-minute moves, oldest first. */
type Path = { logPrice: number; logVol: number; fundUsd: number; tenMinuteMoves: number[] }

/**
 * A market hour by hour: log-volatility that reverts to its mean and moves against the price, jumps, scripted crashes, and with them spread,
 * depth, implied volatility and what clearing would report. Twelve steps an hour make the range of each bar.
 *
 * The sequence depends on the options alone; the same options give the same bits on every machine.
 */
export function* simulateMarket(options: SimulatedMarketOptions): Generator<SimulatedHour, never> {
  const random = createRandom(`market:${options.seed}`)
  const path: Path = {
    logPrice: log(options.price),
    logVol: log(options.vol),
    fundUsd: 0.02 * options.openInterest * options.price,
    tenMinuteMoves: [],
  }
  for (let start = options.origin; ; start += HOUR) yield simulateHour(path, start, options, random)
}

function simulateHour(path: Path, start: UnixSeconds, options: SimulatedMarketOptions, random: Random): SimulatedHour {
  const end = start + HOUR
  const crash = options.crashes.find(({ at, hours }) => start >= at && start < at + hours * HOUR)
  if (crash?.at === start) path.logVol += CRASH_VOL_SHOCK
  const open = cents(exp(path.logPrice))
  let high = open
  let low = open
  let close = open
  let tenMinutesAgo = open
  for (let step = 0; step < STEPS_PER_HOUR; step++) {
    moveOneStep(path, options, crash, start, random)
    close = cents(exp(path.logPrice))
    high = Math.max(high, close)
    low = Math.min(low, close)
    if (step % 2 === 1) {
      path.tenMinuteMoves.push(Math.abs(close / tenMinutesAgo - 1))
      tenMinutesAgo = close
    }
  }
  path.tenMinuteMoves.splice(0, path.tenMinuteMoves.length - TEN_MINUTES_PER_DAY)
  const vol = exp(path.logVol)
  const heat = vol / options.vol
  const noise = exp(0.2 * random.normal())
  const volume = significant(options.hourlyVolume * heat * noise * (1 + 20 * Math.abs(close / open - 1)))
  path.fundUsd += 0.000_02 * volume * close
  return {
    bar: { start, end, knownAt: end, open, high, low, close, volume },
    liquidity: {
      knownAt: end,
      spread: significant(0.000_3 * (1 + heat * heat) * exp(0.1 * random.normal())),
      depthUsd: significant((options.depthUsd / (heat * Math.sqrt(heat))) * exp(0.15 * random.normal())),
      tenMinuteMoveQ95: significant(quantile(path.tenMinuteMoves, 0.95)),
    },
    impliedVol: quoteVols(vol, options, end, random),
    clearing: reportClearing(path, heat, close, options, end),
  }
}

/** What a clearing house would report: worse in every figure as the market heats up. `heat` is volatility over its long-run level. */
function reportClearing(path: Path, heat: number, close: Usd, options: SimulatedMarketOptions, knownAt: UnixSeconds): ClearingObservation {
  const openInterestUsd = significant(options.openInterest * close)
  const excess = Math.max(0, heat - 1.5)
  return {
    knownAt,
    openInterestUsd,
    fundUsd: significant(path.fundUsd),
    coverTwoUsd: significant(0.012 * openInterestUsd * Math.sqrt(heat)),
    auctionedShare: significant(Math.min(0.25, 0.02 * excess)),
    medianFill: significant(Math.min(1, 0.3 + 0.15 * excess)),
    longestUnsoldMinutes: Math.floor(10 * excess * excess),
    gasShare: significant(0.000_2 * heat),
    sliceImpact: significant(0.002 * heat),
    marginMoveQ95: significant(0.12 * Math.sqrt(heat)),
  }
}

function moveOneStep(path: Path, options: SimulatedMarketOptions, crash: Crash | undefined, start: UnixSeconds, random: Random): void {
  const vol = exp(path.logVol)
  const shock = random.normal()
  const other = random.normal()
  const volShock = LEVERAGE * shock + Math.sqrt(1 - LEVERAGE * LEVERAGE) * other
  path.logPrice += -0.5 * vol * vol * STEP_YEARS + vol * Math.sqrt(STEP_YEARS) * shock
  path.logVol += REVERSION * (log(options.vol) - path.logVol) * STEP_YEARS + VOL_OF_VOL * Math.sqrt(STEP_YEARS) * volShock
  if (random.uniform() < JUMPS_PER_YEAR * STEP_YEARS) path.logPrice += JUMP_MEAN + JUMP_SIZE * random.normal()
  if (crash) path.logPrice += (log(1 - crash.fall) * crashShare((start - crash.at) / HOUR, crash.hours)) / STEPS_PER_HOUR
}

/** Share of a crash that falls in its hour `i`: weights fall linearly, so that the first hours carry most of it. They sum to 1. */
function crashShare(i: number, hours: number): number {
  return (2 * (hours - i)) / (hours * (hours + 1))
}

/** At-the-money quotes: variance expected over the term, the shorter one nearer to the volatility of the hour, plus a premium. */
function quoteVols(vol: Vol, options: SimulatedMarketOptions, knownAt: UnixSeconds, random: Random): ImpliedVolObservation {
  const expected = (days: number): number => {
    const rate = (REVERSION / 365) * days
    const share = (1 - exp(-rate)) / rate
    return Math.sqrt(options.vol * options.vol * (1 - share) + vol * vol * share)
  }
  const heat = vol / options.vol
  const noise = exp(0.01 * random.normal())
  return {
    knownAt,
    atm30d: significant(1.05 * expected(30) * noise),
    atm7d: significant(1.05 * expected(7) * noise),
    atmHalfSpread: significant(0.006 * (0.5 + 0.5 * heat) * exp(0.1 * random.normal())),
    vegaDepthUsd: significant((options.depthUsd / 50 / heat) * exp(0.15 * random.normal())),
  }
}

function cents(price: number): Usd {
  return Math.max(0.01, Math.round(price * 100) / 100)
}

/** Six significant digits, as a feed would quote. */
function significant(x: number): number {
  return Number(x.toPrecision(6))
}
