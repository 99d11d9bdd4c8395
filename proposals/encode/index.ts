export { type EncodedProposal, encodeProposal } from './encodeProposal.ts'
export { operationOf } from './operationOf.ts'
export { estimateProposeGas, splitByGas, TRANSACTION_GAS_LIMIT } from './proposeGas.ts'
