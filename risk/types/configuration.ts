import type { ScopeId } from './parameter.ts'
import type { Fraction, Seconds } from './units.ts'

/**
 * What the engines of one market agree on. Canonical JSON; its hash is signed with every round.
 * Times and keys of one machine do not belong here.
 */
export type EngineConfiguration = {
  readonly schema: 'ballast.engine'
  readonly version: 1
  readonly market: string
  readonly scope: ScopeId
  readonly tickSeconds: Seconds
  /** A signed round is valid this long after `observedAt`. */
  readonly validitySeconds: Seconds
  /** Ignore target moves smaller than this share of the live value. */
  readonly hysteresis: Fraction
  /** How far a signer's own source may differ from the proposer's snapshot before it refuses. */
  readonly tolerance: { readonly price: Fraction; readonly volume: Fraction; readonly vol: Fraction; readonly missingBars: number }
  /** Oldest bar that still counts as fresh. */
  readonly maxBarAge: Seconds
  /** Constants of the policies, by parameter id; each policy module names and checks its own. */
  readonly policy: { readonly [id: string]: { readonly [constant: string]: number } }
  /** Values, in the unit of each, of parameters that the margin rule reads but that live in another scope, for example `collateral.haircut`. */
  readonly assumed: { readonly [id: string]: number }
  /** Numeric fingerprint of the engine that may sign (hash of fixed computations). */
  readonly fingerprint: string
}
