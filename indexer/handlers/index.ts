import { delegations } from './delegations.ts'
import { engines } from './engines.ts'
import { guardianTerms } from './guardianTerms.ts'
import type { HandlerSet } from './Handler.ts'
import { lanes } from './lanes.ts'
import { loosenings } from './loosenings.ts'
import { operations } from './operations.ts'
import { parameterRules } from './parameterRules.ts'
import { parameterValues } from './parameterValues.ts'
import { proposals } from './proposals.ts'
import { rounds } from './rounds.ts'
import { stewards } from './stewards.ts'
import { storeRoleChanges } from './storeRoles.ts'
import { timelockRoleChanges } from './timelockRoles.ts'
import { vetoes } from './vetoes.ts'

export type { EmitterKind, HandlerContext, HandlerSet, IndexedEvent } from './Handler.ts'
export { settle } from './settle.ts'

/** Everything the index listens to. A new kind of event is one more file here. */
export const handlerSets: readonly HandlerSet[] = [
  parameterValues,
  parameterRules,
  loosenings,
  rounds,
  lanes,
  engines,
  stewards,
  vetoes,
  guardianTerms,
  storeRoleChanges,
  timelockRoleChanges,
  proposals,
  operations,
  delegations,
]
