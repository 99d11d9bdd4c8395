import { join } from 'node:path'
import { z } from 'zod'
import { parseCatalogue, parseMarket } from '../../risk/catalogue/index.ts'
import { parseWith } from '../../risk/catalogue/parseWith.ts'
import { marginParametersOf } from '../../risk/decide/index.ts'
import type { ConfigurationProblem } from '../../risk/errors/index.ts'
import type { ClosingCosts, StressScenario } from '../../risk/insurance/index.ts'
import type { FlatMarket, MarginParameters } from '../../risk/margin/index.ts'
import type { Instrument, Portfolio, UnixSeconds, Usd } from '../../risk/types/index.ts'
import { projectRoot } from '../context/projectRoot.ts'
import { usageError } from '../kit/CliError.ts'
import { parseJson } from '../kit/parseJson.ts'
import { type InputText, readFileInput } from '../kit/readInput.ts'
import { parseTime } from '../kit/time.ts'

/** A book with the market it is marked on. */
export type MarginRequest = {
  readonly market: FlatMarket
  readonly marketName: string
  readonly instruments: readonly Instrument[]
  readonly portfolios: readonly Portfolio[]
  readonly parameters: MarginParameters
  /** For stress; null where the file has none. */
  readonly costs: ClosingCosts | null
  readonly scenarios: readonly StressScenario[] | null
  readonly fund: Usd | null
}

const time = z
  .union([z.int(), z.string()])
  .transform((value, context): UnixSeconds => {
    if (typeof value === 'number') return value
    try {
      return parseTime(value, 'time')
    } catch {
      context.addIssue({ code: 'custom', message: 'a time like 2026-01-05T10:00Z, or unix seconds', input: value })
      return z.NEVER
    }
  })
  .describe('ISO 8601 or unix seconds')
const id = z.string().min(1).max(100)
const strike = z.number().min(1e-9).max(1e15)
const type = z.enum(['call', 'put'])
const instrument = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('option'), id, type, strike, expiry: time }),
  z.strictObject({ kind: z.literal('inverseOption'), id, type, strike, expiry: time }),
  z.strictObject({ kind: z.literal('digital'), id, type, pays: z.enum(['cash', 'asset']), strike, expiry: time }),
  z.strictObject({ kind: z.literal('future'), id, expiry: time }),
  z.strictObject({ kind: z.literal('perpetual'), id }),
])
const fraction = z.number().min(0)
const parameters = z.strictObject({
  priceScanRange: fraction,
  initialRange: fraction,
  volScanUp: fraction,
  volScanDown: fraction,
  initialMultiplier: z.number(),
  shortOptionMinimum: fraction,
  tailWeight: fraction,
  haircut: fraction,
  liquidity: z
    .strictObject({ depth: z.number(), vegaDepth: z.number(), deltaAddOn: fraction, gammaAddOn: fraction, vegaAddOn: fraction })
    .exactOptional(),
})
const scenario = z.strictObject({
  name: z.string().min(1),
  spotMove: z.number(),
  volMultiple: z.number().default(1),
  basis: z.number().default(0),
  depthDivisor: z.number().default(1),
  gasMultiple: z.number().default(1),
})
const request = z.strictObject({
  schema: z.literal('ballast.marginRequest'),
  version: z.literal(1),
  market: z.strictObject({ name: z.string().min(1), time, spot: z.number().positive(), markVol: z.number().min(0).max(10) }),
  instruments: z.array(instrument),
  portfolios: z
    .array(
      z.strictObject({
        account: id,
        cash: z.number(),
        collateral: z.number(),
        positions: z.array(z.strictObject({ instrument: id, quantity: z.number() })),
      }),
    )
    .min(1),
  parameters: parameters.optional(),
  costs: z.strictObject({ spread: fraction, depthUsd: z.number().positive(), gasUsd: fraction }).optional(),
  scenarios: z.array(scenario).min(1).optional(),
  fund: z.number().positive().optional(),
})
type Request = z.infer<typeof request>

/**
 * A book of a file: instruments with names, accounts that hold them by name, the market, and optionally parameters and what stress needs. Without parameters those are taken that the
 * project starts the market with (config/markets).
 *
 * @throws {CliError} It is not JSON, or has no parameters for a market that has no defaults.
 * @throws {ConfigurationError} It is not such a document; every problem is named with its path.
 */
export function parseMarginRequest(input: InputText): MarginRequest {
  const parsed = parseWith(input.name, request, parseJson(input), problemsOf)
  const { market, instruments, portfolios, costs, scenarios, fund } = parsed
  const places = new Map(instruments.map((each, i) => [each.id, i]))
  return {
    market: { time: market.time, spot: market.spot, markVol: market.markVol },
    marketName: market.name,
    instruments,
    portfolios: portfolios.map(({ positions, ...rest }) => ({
      ...rest,
      positions: positions
        .map((position) => ({ instrument: places.get(position.instrument) ?? -1, quantity: position.quantity }))
        .sort((a, b) => a.instrument - b.instrument),
    })),
    parameters: parsed.parameters ?? defaultParameters(market.name),
    costs: costs ?? null,
    scenarios: scenarios ?? null,
    fund: fund ?? null,
  }
}

/** Names that are given twice or not at all. */
function problemsOf({ instruments, portfolios }: Request): ConfigurationProblem[] {
  const known = new Set<string>()
  const twice = instruments.flatMap((each, i): ConfigurationProblem[] => {
    const problem = known.has(each.id)
      ? [{ path: `$.instruments[${i}].id`, got: each.id, limit: 'a name that no other instrument has' }]
      : []
    known.add(each.id)
    return problem
  })
  const names = [...known].join(', ')
  const held = portfolios.flatMap(({ positions }, i) => {
    const seen = new Set<string>()
    return positions.flatMap((position, j): ConfigurationProblem[] => {
      const path = `$.portfolios[${i}].positions[${j}].instrument`
      const problem = !known.has(position.instrument)
        ? [{ path, got: position.instrument, limit: `one of ${names}` }]
        : seen.has(position.instrument)
          ? [{ path, got: position.instrument, limit: 'held in one position' }]
          : []
      seen.add(position.instrument)
      return problem
    })
  })
  return [...twice, ...held]
}

/** What the project starts a market with. */
function defaultParameters(market: string): MarginParameters {
  if (!/^[A-Za-z0-9]+$/.test(market)) throw noParameters(market)
  const configuration = join(projectRoot, 'config')
  const file = readFileInput(join(configuration, 'markets', `${market.toLowerCase()}.json`))
  const catalogueFile = readFileInput(join(configuration, 'catalogues', 'ballast.json'))
  if (file === undefined || catalogueFile === undefined) throw noParameters(market)
  const { scopes } = parseMarket(parseJson(file), parseCatalogue(parseJson(catalogueFile)))
  const values = new Map(scopes.flatMap(({ parameters: list }) => list.map(({ id: name, value }) => [name, value as number] as const)))
  return marginParametersOf(values, { assumed: {} })
}

function noParameters(market: string): Error {
  return usageError(
    `There are no margin parameters for ${market}: config/markets has none, and the file gives none.`,
    'Add "parameters" to the file.',
  )
}
