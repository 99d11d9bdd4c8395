export * from './ContractRevertError.ts'
export { decodeRevert, findRevertData, toChainError, withChainErrors } from './decodeRevert.ts'
export * from './NetworkErrors.ts'
