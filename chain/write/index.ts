export * from './calls.ts'
export { type ChainWriterOptions, createChainWriter, decodeReceipt } from './createChainWriter.ts'
export { type AcceptedRound, decodeAcceptedRounds, decodeOutcomes } from './decodeOutcomes.ts'
export { type SendOptions, sendCall, simulateCall, type Wallet } from './sendCall.ts'
