import { z } from 'zod'
import type { Bar, Book, Hash, MarketSnapshot } from '../../risk/types/index.ts'
import { InvalidDocumentError } from '../errors/EngineErrors.ts'

const time = z.int().min(0)
const price = z.number().positive()
const amount = z.number().min(0)
const hash = z.string().regex(/^0x[0-9a-f]{64}$/)

const bar = z
  .strictObject({ start: time, end: time, knownAt: time, open: price, high: price, low: price, close: price, volume: amount })
  .refine(
    ({ open, high, low, close }) => high >= Math.max(open, close) && low <= Math.min(open, close),
    'high and low must enclose open and close',
  )
  .refine(({ start, end, knownAt }) => start < end && end <= knownAt, 'must start before it ends and be known no earlier')
const bars = z
  .array(bar)
  .refine((list) => list.every(({ start }, i) => i === 0 || start >= (list[i - 1] as Bar).end), 'must be ascending without overlap')

const scope = z.string().regex(/^(protocol|market|asset|group):.{1,31}$/)
const value = z.int().min(0)
const smile = { a: z.number(), b: z.number(), rho: z.number(), m: z.number(), sigma: z.number() }
const group = z.strictObject({
  group: scope,
  fundUsd: amount,
  shownCoverUsd: amount,
  markets: z.array(
    z.strictObject({
      market: z.string().max(31),
      price,
      priceTime: time,
      openInterest: amount,
      underlying: scope.nullable(),
      slices: z.array(z.strictObject({ expiry: time, asOf: time, spot: price, forwardRatio: price, atmVol: price, ...smile })),
      settlements: z.array(z.strictObject({ expiry: time, price })),
    }),
  ),
  assets: z.array(z.strictObject({ asset: scope, price })),
  values: z.array(z.strictObject({ scope, id: z.string().max(31), value, effective: value })),
  flagged: z.array(z.string().max(150)),
})

const snapshot = z
  .strictObject({
    schema: z.literal('ballast.snapshot'),
    version: z.union([z.literal(1), z.literal(2)]),
    market: z.string(),
    scope: z.string(),
    observedAt: time,
    priorState: hash,
    provenance: z.strictObject({
      source: z.string().max(200),
      kind: z.enum(['recorded', 'simulated', 'chain']),
      synthetic: z.array(z.string().max(50)).max(20),
      contentHash: hash.nullable(),
      recordings: z
        .array(z.strictObject({ name: z.string().max(200), contentHash: hash }))
        .max(20)
        .optional(),
    }),
    bars,
    liquidity: z.array(
      z.strictObject({
        knownAt: time,
        spread: amount.optional(),
        depthUsd: price.optional(),
        tenMinuteMoveQ95: amount.optional(),
        liquidatedUsd: amount.optional(),
      }),
    ),
    impliedVol: z.array(
      z.strictObject({
        knownAt: time,
        atm30d: amount,
        atm7d: amount.optional(),
        atmHalfSpread: amount.optional(),
        vegaDepthUsd: amount.optional(),
      }),
    ),
    clearing: z.array(
      z.strictObject({
        knownAt: time,
        openInterestUsd: amount,
        fundUsd: amount,
        coverTwoUsd: amount,
        auctionedShare: amount,
        medianFill: amount,
        longestUnsoldMinutes: amount,
        gasShare: amount,
        sliceImpact: amount,
        marginMoveQ95: z.number(),
      }),
    ),
    openInterest: z.array(z.strictObject({ knownAt: time, openInterestUsd: price })).optional(),
    funding: z.array(z.strictObject({ knownAt: time, rate: z.number() })).optional(),
    spot: price,
    markVol: price,
    book: hash,
    group: group.optional(),
    // Compared byte by byte with this engine's own reading of the same block.
    chain: z.looseObject({ chainId: z.int(), block: z.string().regex(/^\d{1,20}$/), time }),
  })
  .refine((document) => (document.version === 2) === (document.group !== undefined), 'version 2, and no other, has a group')

const expiring = { id: z.string().max(100), expiry: time }
const option = { type: z.enum(['call', 'put']), strike: price, ...expiring }
const future = z.strictObject({ kind: z.literal('future'), ...expiring })
const vanilla = z.strictObject({ kind: z.literal('option'), ...option })
const digital = z.strictObject({ kind: z.literal('digital'), pays: z.literal('cash'), ...option })
const account = z.string().max(150)
const held = { collateral: z.number(), positions: z.array(z.strictObject({ instrument: z.int().min(0), quantity: z.number() })) }
const bookOfOne = z.strictObject({
  schema: z.literal('ballast.book'),
  version: z.literal(1),
  market: z.string(),
  instruments: z.array(z.discriminatedUnion('kind', [future, vanilla])),
  portfolios: z.array(z.strictObject({ account, cash: z.number(), ...held })),
})
const listed = z.array(z.discriminatedUnion('kind', [future, vanilla, digital]))
const bookOfGroup = z.strictObject({
  schema: z.literal('ballast.book'),
  version: z.literal(2),
  market: z.string(),
  instruments: listed,
  portfolios: z.array(
    z.strictObject({
      account,
      cash: z.number(),
      ...held,
      assets: z.array(z.strictObject({ asset: scope, amount })).optional(),
      principal: z.number(),
    }),
  ),
  elsewhere: z.array(
    z.strictObject({ market: z.string().max(31), instruments: listed, holdings: z.array(z.strictObject({ account, ...held })) }),
  ),
})
const book = z.discriminatedUnion('version', [bookOfOne, bookOfGroup])

/** Text from a peer as a snapshot. Throws {InvalidDocumentError} with every problem. */
export const parseSnapshot = (documentHash: Hash, text: string): MarketSnapshot =>
  parse(snapshot, documentHash, text) as unknown as MarketSnapshot
/** Text from a peer as a book. Throws {InvalidDocumentError} with every problem. */
export const parseBook = (documentHash: Hash, text: string): Book => parse(book, documentHash, text) as unknown as Book
/** Text from a peer as seed bars. Throws {InvalidDocumentError} with every problem. */
export const parseSeed = (documentHash: Hash, text: string): readonly Bar[] => parse(bars, documentHash, text)

function parse<Result>(schema: z.ZodType<Result>, documentHash: Hash, text: string): Result {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new InvalidDocumentError({ hash: documentHash, detail: 'it is not JSON' }, { cause })
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const detail = result.error.issues.map(({ path, message }) => `${path.join('.') || 'document'}: ${message}`).join('; ')
  throw new InvalidDocumentError({ hash: documentHash, detail })
}
