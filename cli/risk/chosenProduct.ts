import { notFoundError } from '../kit/CliError.ts'
import type { Product } from './parseProducts.ts'

/**
 * The product to draw: the one named, or the first.
 *
 * @throws {CliError} There is none of that id.
 */
export function chosenProduct(products: readonly Product[], id: string | undefined): Product {
  const found = id === undefined ? products[0] : products.find((product) => product.id === id)
  if (found === undefined)
    throw notFoundError(`There is no product ${JSON.stringify(id)}.`, `There are ${products.map((product) => product.id).join(', ')}.`)
  return found
}
