import type { Order } from '../../risk/margin/whatIf/index.ts'
import type { Instrument } from '../../risk/types/index.ts'
import { notFoundError, usageError } from '../kit/CliError.ts'

/**
 * An order from the command line: legs like `C-30JAN-3300:-5@120`, that is instrument, contracts (negative sells) and price per contract.
 *
 * @throws {CliError} A leg is not of that form, or names an instrument that does not exist.
 */
export function parseOrder(legs: readonly string[], instruments: readonly Instrument[]): Order {
  return {
    fee: 0,
    legs: legs.map((leg) => {
      const match = /^(.+):(-?\d+(?:\.\d+)?)@(-?\d+(?:\.\d+)?)$/.exec(leg)
      if (match === null)
        throw usageError(
          `--order is ${JSON.stringify(leg)}; it must be like C-30JAN-3300:-5@120.`,
          'Instrument, contracts (negative sells), price per contract in USD.',
        )
      const [, id, quantity, price] = match
      const instrument = instruments.findIndex((each) => each.id === id)
      if (instrument < 0)
        throw notFoundError(`There is no instrument ${JSON.stringify(id)}.`, `There are ${instruments.map((each) => each.id).join(', ')}.`)
      return { instrument, quantity: Number(quantity), price: Number(price) }
    }),
  }
}
