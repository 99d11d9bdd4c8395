import { z } from 'zod'
import { parseWith } from '../../risk/catalogue/parseWith.ts'
import { pricingModelOf, pricingModels, type RegisteredModel } from '../../risk/pricing/models/index.ts'
import { parseJson } from '../kit/parseJson.ts'
import type { InputText } from '../kit/readInput.ts'
import { eachWithPath } from './eachWithPath.ts'

/** A product of the file, with the model that prices it. */
export type Product = {
  readonly id: string
  readonly model: RegisteredModel
  readonly inputs: Readonly<Record<string, unknown>>
  /** Where it stands in the file. */
  readonly path: string
}

const product = z.strictObject({ id: z.string().min(1).optional(), model: z.string(), inputs: z.record(z.string(), z.unknown()) })
const products = z.strictObject({
  schema: z.literal('ballast.products'),
  version: z.literal(1),
  products: z.array(product).min(1),
})

/**
 * Products of a file: a document `ballast.products`, or a single product `{ model, inputs }`.
 *
 * @throws {CliError} It is not JSON.
 * @throws {ConfigurationError} It is not such a document, or names a model that does not exist; every problem is listed.
 */
export function parseProducts(input: InputText): Product[] {
  const document = parseJson(input)
  const single = typeof document === 'object' && document !== null && 'model' in document
  const rows = single ? [parseWith(input.name, product, document, () => [])] : parseWith(input.name, products, document, () => []).products
  const pathOf = (i: number): string => (single ? '$' : `$.products[${i}]`)
  return eachWithPath(
    input.name,
    rows.map((row, i) => ({ row, path: pathOf(i) })),
    ({ row, path }, i) => ({
      id: row.id ?? `${row.model} ${i + 1}`,
      model: pricingModelOf(row.model, pricingModels),
      inputs: row.inputs,
      path,
    }),
  )
}
