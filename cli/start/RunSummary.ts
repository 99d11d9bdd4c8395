import type { ParameterUnit } from '../../risk/types/index.ts'
import type { ClearingSummary } from './ClearingSummary.ts'

/** One parameter before and after a run; stored integers. */
export type ParameterSummary = {
  readonly before: number
  readonly after: number
  /** Value that maintenance margin reads after the run. */
  readonly effective: number
  readonly floor: number
  readonly ceiling: number
  readonly unit: ParameterUnit
}

/** The JSON line of `npm start -- --once --json`; published as config/schema/run-summary.json. Later versions only add keys. */
export type RunSummary = {
  readonly schema: 'ballast.run-summary'
  readonly version: 2
  readonly market: string
  readonly from: { readonly unix: number; readonly iso: string }
  readonly to: { readonly unix: number; readonly iso: string }
  /** Run folder. */
  readonly run: string
  readonly ticks: number
  /** Values that the controller wrote. */
  readonly adjustments: number
  /** Loosenings that were put into their veto window. */
  readonly pending: number
  /** Accepted rounds that moved nothing. */
  readonly held: number
  /** Items that the store refused. */
  readonly rejected: number
  /** `audit verify` finds nothing wrong. */
  readonly historyVerified: boolean
  /** Every round recomputed from its stored inputs has the same bytes. */
  readonly replayIdentical: boolean
  /** Every value ever written lay inside the rule in force at its time. */
  readonly rangesRespected: boolean
  /** At every block looked at, tokens were principal, profit and fund less debt, the vault held them, and positions of every instrument came to nothing. */
  readonly accountsAddUp: boolean
  readonly clearing: ClearingSummary
  /** By parameter id; parameters of one id in two scopes have the scope in front. */
  readonly params: { readonly [id: string]: ParameterSummary }
}
