import { InvalidInputError } from '../errors/index.ts'
import type { MarginParameters } from '../margin/index.ts'
import type { EngineConfiguration, ParamId } from '../types/index.ts'
import { fromBps } from '../units.ts'

/**
 * Margin parameters as fractions, from the values of the scope; what lives in another scope comes from the configuration's `assumed`.
 *
 * @throws {InvalidInputError} A parameter of the margin rule is in neither.
 */
export function marginParametersOf(
  values: ReadonlyMap<ParamId, number>,
  { assumed }: Pick<EngineConfiguration, 'assumed'>,
): MarginParameters {
  const read = (id: ParamId): number => {
    const value = values.get(id) ?? assumed[id]
    if (value === undefined)
      throw new InvalidInputError({ argument: `assumed.${id}`, got: 'absent', limit: 'given, since the scope does not hold it' })
    return value
  }
  const fraction = (id: ParamId): number => fromBps(read(id))
  return {
    priceScanRange: fraction('margin.priceScanRange'),
    initialRange: fraction('margin.initialRangeFloor'),
    volScanUp: fraction('margin.volScanUp'),
    volScanDown: fraction('margin.volScanDown'),
    initialMultiplier: fraction('margin.initialMultiplier'),
    shortOptionMinimum: fraction('margin.shortOptionMinimum'),
    tailWeight: fraction('margin.tailWeight'),
    haircut: fraction('collateral.haircut'),
    liquidity: {
      depth: read('market.depth'),
      vegaDepth: read('market.vegaDepth'),
      deltaAddOn: fraction('margin.deltaAddOn'),
      gammaAddOn: fraction('margin.gammaAddOn'),
      vegaAddOn: read('margin.vegaAddOn') / 100,
    },
  }
}
