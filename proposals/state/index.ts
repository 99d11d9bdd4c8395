export { diffStates, type StateChange } from './diffStates.ts'
export { flattenState } from './flattenState.ts'
export * from './ProtocolState.ts'
export { readProtocolState, type StateQuery } from './readProtocolState.ts'
