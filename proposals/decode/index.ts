export { type DecodedCall, decodeCall, flattenCalls, type RawCall } from './decodeCall.ts'
export { describeCall } from './describeCall.ts'
export { buildDirectory, type ContractDirectory, type DirectoryExtras, type KnownContract } from './knownContracts.ts'
