import type { GarchParameters } from '../../volatility/index.ts'

/**
 * How the variance of the next return follows from the past: an exponentially weighted mean of squared returns (mean zero, `decay` the
 * share of the old value kept), or a GARCH recursion.
 */
export type VarianceFilter = { readonly kind: 'ewma'; readonly decay: number } | ({ readonly kind: 'garch' } & GarchParameters)
