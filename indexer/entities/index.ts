import type { Entity } from './Entity.ts'
import * as governance from './governance.ts'
import * as mandate from './mandate.ts'
import * as parameters from './parameters.ts'

export * from './Entity.ts'
export * from './governance.ts'
export * from './mandate.ts'
export * from './parameters.ts'

/** All tables of the index, in the order of the schema. A new one needs a line here. */
export const entities: readonly Entity[] = [
  parameters.scopeEntity,
  parameters.parameterEntity,
  parameters.parameterChangeEntity,
  parameters.ruleChangeEntity,
  parameters.looseningEntity,
  parameters.vetoEntity,
  parameters.itemEntity,
  mandate.laneEntity,
  mandate.laneChangeEntity,
  mandate.engineSetEntity,
  mandate.roundEntity,
  mandate.stewardActionEntity,
  mandate.guardianTermEntity,
  governance.proposalEntity,
  governance.voteEntity,
  governance.delegationEntity,
  governance.delegateEntity,
  governance.operationEntity,
  governance.roleEntity,
  governance.roleChangeEntity,
]
