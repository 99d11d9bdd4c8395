import type { ClearingParameters, GroupParameters } from '../../risk/clearing/index.ts'
import { marginParametersOf } from '../../risk/decide/index.ts'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Bps, EngineConfiguration, LiveParameter, ParamId } from '../../risk/types/index.ts'
import { fromBps } from '../../risk/units.ts'

const WAD = 10n ** 18n

/** Live parameters of a market as clearing reads them: maintenance at values in effect, new risk at targets. */
export function clearingParameters(
  parameters: readonly LiveParameter[],
  configuration: Pick<EngineConfiguration, 'assumed'>,
): ClearingParameters {
  const targets = new Map<ParamId, number>(parameters.map(({ id, state }) => [id, state.value]))
  const effective = new Map<ParamId, number>(parameters.map(({ id, state }) => [id, state.effective]))
  const read = (id: ParamId): number => {
    const value = targets.get(id)
    if (value === undefined)
      throw new InvalidInputError({ argument: 'parameters', got: `no ${id}`, limit: 'every parameter of the market' })
    return value
  }
  return {
    margin: { ...marginParametersOf(effective, configuration), newRisk: marginParametersOf(targets, configuration) },
    residual: fromBps(read('margin.betaResidual')),
    liquidation: {
      feeBps: read('liquidation.fee') as Bps,
      maintenanceShareBps: read('liquidation.feeCap') as Bps,
      liquidatorShareBps: read('liquidation.liquidatorShare') as Bps,
      bufferBps: read('liquidation.buffer') as Bps,
      solventSeconds: read('liquidation.duration'),
      insolventSeconds: read('liquidation.bankruptDuration'),
      keeperReward: BigInt(read('liquidation.keeperReward')) * WAD,
    },
    // Hundredths of a basis point.
    tradingFee: read('trading.fee') / 1_000_000,
    openInterestCap: read('market.openInterestCap'),
  }
}

/** Live parameters of the margin group. */
export function groupParameters(parameters: readonly LiveParameter[]): GroupParameters {
  const read = (id: ParamId): Bps => {
    const found = parameters.find((each) => each.id === id)
    if (found === undefined) throw new InvalidInputError({ argument: 'parameters', got: `no ${id}`, limit: 'every parameter of the group' })
    return found.state.value as number as Bps
  }
  return { contributionRateBps: read('insurance.contributionRate'), payoutLimitBps: read('insurance.payoutLimit') }
}
