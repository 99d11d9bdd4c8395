import { addChain, futuresAt, payoffAt } from './chainCells.ts'
import { chainGreeks } from './chainGreeks.ts'
import { basisCharge, type ChargedChain, liquidityCharges, skewCharge, termCharge } from './charges.ts'
import { type Grid, gridOf } from './gridOf.ts'
import { absolute, BPS, ceilDiv, larger, smaller, WAD } from './integers.ts'
import { ladderSums, toWad } from './ladderSums.ts'
import { lossApart, lossTogether } from './maximumLoss.ts'
import { DRIFT_ONE, readChain } from './readChain.ts'
import { COMMON, IN_RANGE, SIDE, scanCells } from './scanCells.ts'
import type { Cells, CellValues, ChainBook, Footing, MarketQuery, MarketRule, MarketTotals, VolStates } from './types.ts'
import { vommaAddOn } from './vommaAddOn.ts'

const DAY = 86_400n
const PERCENT = WAD / 100n
const READING = (15n * WAD) / 1_000n
const READING_LAST_DAY = (80n * WAD) / 1_000n
const DRIFT_PERCENT = 20n
const LEAST_AGE = 900n

/** What is added because values are read off a ladder: a share, wad, and an amount, USD wad; `up` is what vol up is taken to hide. */
type Allowance = { readonly share: bigint; readonly amount: bigint; readonly up: bigint }

/** How much of what covers the error of reading is added: the contract adds all of it, studies of that error leave it out. */
export type AddOns = 'all' | 'vomma' | 'none'

/**
 * Equity and requirement of an account in one market, in whole numbers, as the contract has them (`MarketMargin.assess`).
 *
 * @throws {InvalidInputError} A leg names a strike that its chain has not.
 */
export function marketRequirement({ time, price, units, rule, chains }: MarketQuery, addOns: AddOns = 'all'): MarketTotals {
  const books = chains.map((chain) => ({ chain, book: readChain(chain, time, rule) }))
  const settled = books.filter(({ chain }) => chain.settlement !== null)
  const open = books.filter(({ chain, book }) => chain.settlement === null && book.hasLadder)
  const held = open.map(({ book }) => book)
  const cells = scanCells(price, rule, soonStrikes(held, rule.range, price))
  const values = emptyValues(cells, units)
  const charged: ChargedChain[] = []
  let [amount, reading, drift, stale] = [0n, 0n, 0n, false]
  const vomma = { up: 0n, down: 0n }
  for (const book of held) {
    const { lanes, outside } = ladderSums(book)
    const grid = gridOf(book, cells, price)
    charged.push({ book, greeks: chainGreeks(book, grid, price) })
    addChain(book, lanes, grid, cells, values)
    if (outside || isDue(book, grid, time)) stale = true
    if (book.strikes.length === 0 || book.time === 0n || addOns === 'none') continue
    const own = vommaAddOn(book)
    vomma.up += own.up
    vomma.down += own.down
    if (addOns === 'vomma') continue
    amount += toWad(((book.gross << 32n) * 5n) / 8n, book.unitExponent) + 1n
    reading = larger(reading, book.time < DAY ? READING_LAST_DAY : READING)
    drift = larger(drift, absolute(book.drift - DRIFT_ONE) * 1_000_000n + ((absolute(grid.distance) * WAD) >> 64n))
  }
  takeOff(values, vomma)
  const allowance = { amount, share: reading + (drift * DRIFT_PERCENT) / 100n, up: vomma.up }
  const sum = (of: (chain: ChargedChain) => bigint): bigint => charged.reduce((total, chain) => total + of(chain), 0n)
  const underlying = (units * price) / WAD
  const equity = sum(({ greeks }) => greeks.value) + underlying
  const size = {
    delta: sum(({ greeks }) => greeks.delta),
    gamma: sum(({ greeks }) => greeks.gamma),
    vega: sum(({ greeks }) => greeks.vega),
  }

  const scan = worstCell(cells, values, equity)
  const floor = ceilDiv(sum(({ book }) => book.shortLots) * price * rule.shortOptionMinimum, BPS * BPS)
  const scanned = larger(scan.counted, floor)
  const within = scanned + skewCharge(charged) + liquidityCharges(rule, size)
  const between = termCharge(charged) + basisCharge(charged, underlying)
  const times = (x: bigint): bigint => ceilDiv(x * rule.multiplier, BPS)
  const required = capped({ books: held, values, mark: equity, units }, times(within), times(between), allowance)
  return {
    footing: footingOf(open, books.length > settled.length + open.length, stale),
    equity: equity + settled.reduce((total, { chain, book }) => total + settledValue(book, chain.settlement!), 0n),
    required,
    floor: smaller(required, times(floor)),
    rule: required < times(scanned) ? 'maximumLoss' : scanned === 0n ? 'none' : scan.counted < floor ? 'shortOptionMinimum' : 'scan',
    price: scan.price,
    volState: scan.volState,
    loss: scan.loss,
    ...size,
    delta: size.delta + underlying,
    notional: (sum(({ greeks }) => greeks.notionalLots) * price) / BPS,
    deltaNotional: sum(({ greeks }) => greeks.deltaNotional),
    ...groupLosses(cells, values, equity, required, rule),
    range: rule.range,
    residual: rule.residual,
  }
}

function settledValue(book: ChainBook, price: bigint): bigint {
  return payoffAt(book, price) + futuresAt({ ...book, time: 0n }, price)
}

function soonStrikes(books: readonly ChainBook[], range: bigint, price: bigint): bigint[] {
  const [low, high] = [(price * (WAD - range)) / WAD, (price * (WAD + range)) / WAD]
  return books
    .filter(({ time }) => time < 2n * DAY)
    .flatMap(({ strikes }) => strikes.map(({ strike }) => strike))
    .filter((strike) => strike >= low && strike <= high)
}

function emptyValues({ prices }: Cells, units: bigint): CellValues {
  const lane = (): bigint[] => prices.map((price) => (units * price) / WAD)
  return { up: lane(), down: lane(), plainUp: lane(), plainDown: lane() }
}

/** The add-on is taken off what margin counts, not off the plain values: those bound what an account can lose at all. */
function takeOff({ up, down }: CellValues, vomma: VolStates): void {
  for (let i = 0; i < up.length; i++) {
    up[i]! -= vomma.up
    down[i]! -= vomma.down
  }
}

function footingOf(
  open: readonly { readonly chain: { readonly status: string }; readonly book: ChainBook }[],
  missing: boolean,
  stale: boolean,
): Footing {
  if (missing) return 'none'
  if (stale || open.some(({ book }) => book.time === 0n)) return 'stale'
  return open.every(({ chain }) => chain.status === 'proved') ? 'proved' : 'posted'
}

/** When a ladder is to be posted again, and so serves no new risk. */
function isDue(book: ChainBook, grid: Grid, now: bigint): boolean {
  const oldest = smaller(DAY, larger(LEAST_AGE, book.time / 100n))
  if (book.stale || book.time === 0n || now > book.asOf + oldest) return true
  if (book.time > 7n * DAY) {
    const moved = (book.atmVol * absolute(book.drift - DRIFT_ONE)) / DRIFT_ONE
    if (moved > PERCENT || moved * 50n > book.atmVol) return true
  }
  const place = grid.distance * 1_000_000n - (book.first << 64n)
  const span = (BigInt(book.nodes - 1) * book.spacing) << 64n
  return 4n * place < span || 4n * place > 3n * span
}

type WorstCell = {
  readonly counted: bigint
  readonly price: bigint
  readonly volState: 'up' | 'down'
  readonly loss: bigint
}

/** The cell with the largest weighted loss, rounded up; the first of equals. */
function worstCell(cells: Cells, { up, down }: CellValues, mark: bigint): WorstCell {
  let worst: WorstCell = { counted: 0n, price: 0n, volState: 'down', loss: 0n }
  for (const [i, price] of cells.prices.entries()) {
    const isUp = isFar(i) || up[i]! <= down[i]!
    const loss = mark - (isUp ? up[i]! : down[i]!)
    if (loss <= 0n) continue
    const counted = ceilDiv(loss * cells.weights[i]!, WAD)
    if (counted > worst.counted) worst = { counted, price, volState: isUp ? 'up' : 'down', loss }
  }
  return worst
}

function isFar(cell: number): boolean {
  return cell >= IN_RANGE && cell < COMMON
}

type CappedBook = {
  readonly books: readonly ChainBook[]
  readonly values: CellValues
  readonly mark: bigint
  readonly units: bigint
}

function capped({ books, values, mark, units }: CappedBook, within: bigint, between: bigint, allowance: Allowance): bigint {
  let asked = allowed(within, allowance)
  const added = between + ceilDiv(between * allowance.share, WAD)
  // No maximum loss is below what the account loses in some cell.
  if (asked + added <= values.plainUp.reduce((largest, value) => larger(largest, mark - value), 0n)) return asked + added
  const loss = lossTogether(books, values, mark, units)
  if (loss !== null) asked = smaller(asked, books.length > 1 ? allowed(loss, allowance) + allowance.up : loss)
  if (added === 0n && loss !== null && asked <= loss) return asked
  const most = lossApart(books, mark)
  return most === null ? asked + added : smaller(asked + added, larger(most, loss ?? 0n))
}

function allowed(required: bigint, { share, amount }: Allowance): bigint {
  return required === 0n ? 0n : required + ceilDiv(required * share, WAD) + amount
}

/** What the beta ladder reads: losses as far as they were asked for. */
function groupLosses(
  { prices, weights }: Cells,
  { up, down }: CellValues,
  mark: bigint,
  required: bigint,
  { multiplier }: MarketRule,
): Pick<MarketTotals, 'moves' | 'losses' | 'far'> {
  const counted = prices.slice(0, COMMON).map((_, i) => {
    const loss = mark - (isFar(i) ? up[i]! : smaller(up[i]!, down[i]!))
    return smaller(required, (((loss * weights[i]!) / WAD) * multiplier) / BPS)
  })
  return {
    moves: prices.slice(0, IN_RANGE).map((price) => (price * WAD) / prices[SIDE]! - WAD),
    losses: counted.slice(0, IN_RANGE),
    far: counted.slice(IN_RANGE),
  }
}
