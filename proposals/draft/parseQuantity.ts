import { InvalidInputError } from '../../risk/errors/index.ts'
import type { ParameterUnit, ParameterValue } from '../../risk/types/index.ts'

type Scale = { readonly factor: bigint; readonly divisor: bigint }

/** How people may write each unit, and what one of it is in stored integers. The first is shown as the example. */
const spellings: Readonly<Record<ParameterUnit, Readonly<Record<string, Scale>>>> = {
  bps: { '%': { factor: 100n, divisor: 1n }, bps: { factor: 1n, divisor: 1n } },
  'bps/100': { bps: { factor: 100n, divisor: 1n }, '%': { factor: 10_000n, divisor: 1n } },
  'volPoints/100': { 'vol points': { factor: 100n, divisor: 1n }, 'vol point': { factor: 100n, divisor: 1n } },
  usd: { USD: { factor: 1n, divisor: 1n } },
  contracts: { contracts: { factor: 1n, divisor: 1n }, contract: { factor: 1n, divisor: 1n } },
  seconds: {
    s: { factor: 1n, divisor: 1n },
    min: { factor: 60n, divisor: 1n },
    h: { factor: 3_600n, divisor: 1n },
    d: { factor: 86_400n, divisor: 1n },
  },
}

const CEILING = 2n ** 48n - 1n

/**
 * A stored integer from what people write: `26 %`, `0.5 vol points`, `5,000,000 USD`, `60000 contracts`, `90 s`. Exact: nothing is rounded.
 *
 * @param argument - Names the place in errors.
 * @throws {InvalidInputError} The unit is absent or another one, the number is malformed or between two stored integers, or beyond 2^48 - 1.
 */
export function parseQuantity(text: string, unit: ParameterUnit, argument: string): ParameterValue {
  const scaled = scaledInteger(text, spellings[unit], argument, exampleOf(unit))
  if (scaled > CEILING) throw new InvalidInputError({ argument, got: text, limit: `at most ${CEILING} in the stored unit` })
  return Number(scaled) as ParameterValue
}

const durations: Readonly<Record<string, Scale>> = spellings.seconds

/**
 * A duration in whole seconds, minutes or hours: `90 s`, `50 min`, `24 h`, `7 d`.
 *
 * @param per - Seconds in the stored unit: 1, 60 or 3,600.
 * @throws {InvalidInputError} As {@link parseQuantity}.
 */
export function parseDuration(text: string, per: 1 | 60 | 3_600, argument: string): number {
  const scales = Object.fromEntries(Object.entries(durations).map(([name, { factor }]) => [name, { factor, divisor: BigInt(per) }]))
  return Number(scaledInteger(text, scales, argument, 'a duration such as 90 s, 50 min, 24 h or 7 d'))
}

/** A US dollar amount with 18 decimals, as a decimal string: `2,000,000 USD`. */
export function parseUsdWad(text: string, argument: string): string {
  return scaledInteger(text, { USD: { factor: 10n ** 18n, divisor: 1n } }, argument, 'dollars such as 2,000,000 USD').toString()
}

/** Wei from `0 ETH`, `1.5 ETH` or `7 wei`. */
export function parseEther(text: string, argument: string): bigint {
  const scales = { ETH: { factor: 10n ** 18n, divisor: 1n }, wei: { factor: 1n, divisor: 1n } }
  return scaledInteger(text, scales, argument, 'ether such as 0 ETH or 1.5 ETH')
}

const number = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,18}))?\s*(.*)$/

function scaledInteger(text: string, scales: Readonly<Record<string, Scale>>, argument: string, limit: string): bigint {
  const match = number.exec(text.trim())
  const name = match?.[3]?.trim() ?? ''
  const scale = Object.hasOwn(scales, name) ? scales[name] : undefined
  if (match === null || scale === undefined || text.length > 60)
    throw new InvalidInputError({ argument, got: JSON.stringify(text.slice(0, 60)), limit })
  const [, whole = '', decimals = ''] = match
  const digits = BigInt(whole.replaceAll(',', '') + decimals) * scale.factor
  const divisor = 10n ** BigInt(decimals.length) * scale.divisor
  if (digits % divisor !== 0n)
    throw new InvalidInputError({ argument, got: JSON.stringify(text), limit: `${limit}, without a fraction of the stored unit` })
  return digits / divisor
}

function exampleOf(unit: ParameterUnit): string {
  const examples: Readonly<Record<ParameterUnit, string>> = {
    bps: 'a share such as 26 % or 2600 bps',
    'bps/100': 'a share such as 1.25 bps',
    'volPoints/100': 'vol points such as 0.5 vol points',
    usd: 'dollars such as 5,000,000 USD',
    contracts: 'contracts such as 60,000 contracts',
    seconds: 'a duration such as 90 s, 50 min, 24 h or 7 d',
  }
  return examples[unit]
}
