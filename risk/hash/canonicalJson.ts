import { InvalidInputError } from '../errors/index.ts'
import type { Json } from '../types/index.ts'

/**
 * Canonical form of a JSON value (RFC 8785): keys sorted by UTF-16 code units, ECMAScript number format, no white space.
 *
 * @throws {InvalidInputError} The value holds NaN, an infinity, undefined, a bigint or a function, or a lone surrogate; the path is named.
 */
export function canonicalJson(value: Json): string {
  return write(value, '$')
}

function write(value: unknown, path: string): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new InvalidInputError({ argument: path, got: value, limit: 'a finite number' })
    return JSON.stringify(value)
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new InvalidInputError({ argument: path, got: 'a lone surrogate', limit: 'well-formed Unicode' })
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map((item, i) => write(item, `${path}[${i}]`)).join(',')}]`
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    const record = value as Readonly<Record<string, unknown>>
    const members = Object.keys(record)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${write(record[key], `${path}.${key}`)}`)
    return `{${members.join(',')}}`
  }
  throw new InvalidInputError({ argument: path, got: typeof value, limit: 'JSON' })
}
