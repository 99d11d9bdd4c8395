import type { GarchParameters } from './GarchParameters.ts'
import type { GarchVariances } from './garchVariances.ts'

/** Which recursion is fitted: symmetric, or with the asymmetric term of Glosten, Jagannathan and Runkle. */
export type GarchModel = 'garch' | 'gjr'
/** Distribution of the standardised residuals; Student's t is scaled to variance one. */
export type GarchInnovations = 'normal' | 'studentT'

/** One figure per parameter; 0 for gamma of the symmetric model, null for the degrees of freedom of normal innovations. */
export type GarchErrors = GarchParameters & { readonly degrees: number | null }

export type GarchEstimate = {
  readonly parameters: GarchParameters
  /** Degrees of freedom of Student innovations, above 2; null for normal ones. */
  readonly degrees: number | null
  readonly logLikelihood: number
  readonly iterations: number
} & GarchVariances

/**
 * Outcome of a fit:
 * - `fitted`: a maximum inside the domain, with standard errors from the Hessian and robust to the wrong distribution (Bollerslev and Wooldridge).
 * - `atBoundary`: the likelihood is largest where the named parameters reach the end of their domain (no reaction, no memory, no tail), so
 * that the usual standard errors do not
 *   exist. The estimate may be used.
 * - `notConverged`: the search ended elsewhere than at a maximum; there is no estimate.
 * - `tooFewReturns`, `constantReturns`: nothing to fit.
 */
export type GarchFit =
  | ({
      readonly status: 'fitted'
      readonly standardErrors: { readonly hessian: GarchErrors; readonly robust: GarchErrors }
    } & GarchEstimate)
  | ({ readonly status: 'atBoundary'; readonly boundary: readonly (keyof GarchErrors)[] } & GarchEstimate)
  | { readonly status: 'notConverged'; readonly iterations: number; readonly gradient: number }
  | { readonly status: 'tooFewReturns'; readonly returns: number; readonly needed: number }
  | { readonly status: 'constantReturns' }
