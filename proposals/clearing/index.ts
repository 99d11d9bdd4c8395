export { applyClearingCall } from './applyClearingCall.ts'
export * from './ClearingState.ts'
export { flattenClearing } from './flattenClearing.ts'
export { readClearingState } from './readClearingState.ts'
