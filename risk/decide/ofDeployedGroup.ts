import type { MarketObservation } from '../types/index.ts'

/**
 * What a source saw of the market alone, for a snapshot of version 2: accounts and what clearing reports are the chain's there, so what a source generates in
 * their place is neither used nor named.
 */
export function ofDeployedGroup<Observation extends Pick<MarketObservation, 'provenance' | 'clearing'>>(
  observation: Observation,
): Observation {
  const { provenance } = observation
  return {
    ...observation,
    provenance: { ...provenance, synthetic: provenance.synthetic.filter((part) => part !== 'portfolios') },
    clearing: [],
  }
}
