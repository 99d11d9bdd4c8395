import type { ListedContract } from '../../risk/clearing/index.ts'
import type { UnixSeconds, Usd } from '../../risk/types/index.ts'
import type { LocalMarket } from '../world/openClearingChain.ts'
import type { DrillMarket } from './DrillSetup.ts'
import { strikeWad } from './strikeWad.ts'

const HOUR = 3_600

/** A market as it stands when a run begins, with the chains that the contracts name. */
export async function marketAtOpening(
  { name, source }: Pick<DrillMarket, 'name' | 'source'>,
  contracts: readonly ListedContract[],
  from: UnixSeconds,
): Promise<LocalMarket> {
  const { spot, markVol } = await source.fetchObservation(from - HOUR, from)
  const own = contracts.filter(({ market }) => market === name).map(({ instrument }) => instrument)
  const expiries = [...new Set(own.map(({ expiry }) => expiry))].sort((a, b) => a - b)
  const tick = tickOf(spot)
  return {
    name,
    spot,
    vol: markVol,
    chains: expiries.map((expiry) => ({
      expiry,
      tick,
      multiples: own
        .flatMap((instrument) =>
          instrument.kind === 'option' && instrument.type === 'put' && instrument.expiry === expiry ? [instrument.strike] : [],
        )
        .map((strike) => Number(strikeWad(strike) / tick)),
    })),
  }
}

/** A thousandth to a hundredth of the price, a power of ten: strikes of three digits are multiples of it. */
function tickOf(spot: Usd): bigint {
  const [, exponent] = spot.toExponential().split('e')
  return 10n ** BigInt(15 + Number(exponent))
}
