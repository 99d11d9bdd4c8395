import { HEADER, type Header, headerFields } from './header.ts'

/** Whole numbers that workers and their owner exchange; see risk/kernel/workers. */
export const CONTROL = 1536
const FIRST_COLUMN = 2048
/** Accounts that assembly/shortfalls.as takes through the shortfall together. */
const SHORTFALL_TILE = 1024

export type VenueSize = {
  readonly instruments: number
  readonly expiries: number
  readonly scenarios: number
  readonly volRows: number
  readonly accounts: number
  readonly positions: number
  /** Whether sums per account and scenario are kept, for ticks. */
  readonly streaming: boolean
  /** Whether accounts' shortfalls will be asked for: they need room for a tile of accounts per thread. */
  readonly shortfall: boolean
  readonly threads: number
  /** Most legs of one order. */
  readonly legs: number
}

export type VenuePlan = {
  readonly header: Header
  readonly bytes: number
  /** Room of each thread; the sums of an order stand at its start. */
  readonly scratch: readonly number[]
  /** Where an order's legs stand: instruments, then quantities. */
  readonly legInstruments: number
  readonly legQuantities: number
}

/** Lays the columns of a venue out, each at the start of a cache line. */
export function planVenue(size: VenueSize): VenuePlan {
  const { instruments, expiries, scenarios, volRows, accounts, positions, streaming, shortfall, threads, legs } = size
  const blocks = Math.ceil(scenarios / 8)
  const width = 8 * blocks
  let next = FIRST_COLUMN
  const take = (bytes: number): number => {
    const start = next
    next += 64 * Math.ceil(bytes / 64)
    return start
  }
  const wholes = (count: number): number => take(4 * count)
  const reals = (count: number): number => take(8 * count)
  const header: Header = {
    instruments,
    scenarios,
    blocks,
    volRows,
    expiries,
    accounts,
    kind: wholes(instruments),
    strike: reals(instruments),
    vol: reals(instruments),
    expiry: wholes(instruments),
    forward: reals(expiries),
    discount: reals(expiries),
    rootTime: reals(expiries),
    volFactor: reals(expiries * volRows),
    volShift: reals(expiries * volRows),
    moveFactor: reals(width),
    moveLog: reals(width),
    weight: reals(width),
    volRow: wholes(width),
    table: reals(instruments * width),
    mark: reals(instruments),
    offsets: wholes(accounts + 1),
    held: wholes(positions),
    quantity: reals(positions),
    loss: reals(accounts),
    cell: wholes(accounts),
    state: streaming ? reals(accounts * width) : 0,
    holderOffsets: streaming ? wholes(instruments + 1) : 0,
    holder: streaming ? wholes(positions) : 0,
    holderQuantity: streaming ? reals(positions) : 0,
  }
  const legInstruments = wholes(legs)
  const legQuantities = reals(legs)
  // A thread needs two numbers per vol row and a row of the table at once; for shortfalls profits and minima of a tile, the survivors of an account and their copy.
  const room = Math.max(
    128,
    16 * volRows + 8 * width,
    shortfall ? 8 * (SHORTFALL_TILE * (width + blocks + 1) + (blocks + 1) + 2 * width + 8) : 0,
  )
  const scratch = Array.from({ length: threads }, () => take(room))
  return { header, bytes: next, scratch, legInstruments, legQuantities }
}

/** The header fits between the constants and the control words. */
if (HEADER + 4 * headerFields.length > CONTROL) throw new RangeError('the header of the kernel has grown into the control words')
