import type { Json } from '../../risk/types/index.ts'

/** What a command hands to the output: JSON, or a value with bigints in it. */
export type Document = null | boolean | number | string | bigint | readonly Document[] | { readonly [key: string]: Document }

/** The same value with every bigint as a decimal string. */
export function toJson(value: Document): Json {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return value.map((item) => toJson(item as Document))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item as Document)]))
  return value as Json
}

/** One JSON document on one line; keys stay in the order in which the command wrote them. */
export function formatJson(value: Document): string {
  return JSON.stringify(toJson(value))
}
