export { type EncodedProposal, encodeProposal } from './encodeProposal.ts'
export { estimateProposeGas, splitByGas, TRANSACTION_GAS_LIMIT } from './proposeGas.ts'
