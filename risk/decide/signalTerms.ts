import type { BarSignals, Signals, VenueSignals } from '../signals/index.ts'
import type { Term } from '../types/index.ts'

const barUnits: Readonly<Record<keyof BarSignals, string>> = {
  historyHours: 'hours',
  sigma24h: 'fraction of spot',
  lossMultiple: 'sigmas',
  sigmaQ98: 'fraction of spot',
  sigmaQ25: 'fraction of spot',
  sigmaQ90: 'fraction of spot',
  loss24hQ99: 'fraction of spot',
  loss48hQ99: 'fraction of spot',
  loss24hEs99: 'fraction of spot',
  fall24hQ99: 'fraction of spot',
  breaches365d: 'days',
  volume24hQ10: 'units of the base asset',
  amihud30d: 'fraction of spot per USD',
  realizedVol7d: 'per year',
}

const venueUnits: Readonly<Record<keyof VenueSignals, string>> = {
  openInterestUsd: 'USD',
  worstDailyFall: 'fraction',
  fundingPerYear: 'per year',
  largestFunding: 'per 8 hours',
}

/** Every measured signal of a tick as named terms; one that could not be measured is left out. */
export function signalTerms(signals: Signals): Term[] {
  const named = (prefix: string, values: object, unitOf: (name: string) => string): Term[] =>
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === 'number' ? [{ name: `${prefix}.${name}`, value, unit: unitOf(name) }] : [],
    )
  return [
    ...named('bars', signals.bars, (name) => barUnits[name as keyof BarSignals]),
    ...named('liquidity', signals.liquidity ?? {}, (name) => (name === 'spreadQ90' ? 'fraction of mid' : 'USD')),
    ...named('impliedVol', signals.impliedVol ?? {}, (name) => (name === 'vegaDepthQ10' ? 'USD per vol point' : 'vol')),
    ...named('venue', signals.venue ?? {}, (name) => venueUnits[name as keyof VenueSignals]),
    ...named('clearing', signals.clearing ?? {}, (name) => (name.endsWith('Usd') ? 'USD' : 'see ClearingObservation')),
  ]
}
