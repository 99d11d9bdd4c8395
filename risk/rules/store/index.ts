export { applyRound, type RoundResult } from './applyRound.ts'
export {
  type Activation,
  activateRule,
  activateScope,
  cancelRule,
  type RuleSetting,
  restrictRule,
  setRules,
  setValues,
} from './governance.ts'
export { type Executed, executeLoosening, isStanding, vetoLoosening } from './pendings.ts'
export { effectiveValue } from './ramp.ts'
export { readParameter, readParameters, readState } from './read.ts'
export { undoTightening, walkParameter } from './singleMoves.ts'
export { emptyStore, type ParameterRecord, type ParameterStore, type ScopeRecord } from './state.ts'
export { loosenUsed, tightenUsed, valueAt } from './windows.ts'
