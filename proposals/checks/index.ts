import type { Check } from './Check.ts'
import { callsDecode } from './callsDecode.ts'
import { clearing } from './clearing.ts'
import { description } from './description.ts'
import { etherValue } from './etherValue.ts'
import { jointInvariants } from './jointInvariants.ts'
import { liveInsideRange } from './liveInsideRange.ts'
import { pendingItems } from './pendingItems.ts'
import { portfolioImpact } from './portfolioImpact.ts'
import { postConditionsLast } from './postConditionsLast.ts'
import { recommendation } from './recommendation.ts'
import { replayOfCrash } from './replayOfCrash.ts'
import { rolesAndDelays } from './rolesAndDelays.ts'
import { selectors } from './selectors.ts'
import { simulationPasses } from './simulationPasses.ts'
import { stateDiff } from './stateDiff.ts'
import { targetsKnown } from './targetsKnown.ts'
import { touchedContracts } from './touchedContracts.ts'
import { valuesAndRules } from './valuesAndRules.ts'
import { widening } from './widening.ts'

/** All checks, in the order of the report: what it is, what it does, what that means. */
export const checks: readonly Check[] = [
  callsDecode,
  selectors,
  targetsKnown,
  description,
  valuesAndRules,
  liveInsideRange,
  clearing,
  widening,
  jointInvariants,
  pendingItems,
  simulationPasses,
  stateDiff,
  touchedContracts,
  rolesAndDelays,
  etherValue,
  postConditionsLast,
  portfolioImpact,
  recommendation,
  replayOfCrash,
]

export type { Check, CheckInput, CheckResult, Findings, LiveProposal } from './Check.ts'
export { runChecks } from './runChecks.ts'
