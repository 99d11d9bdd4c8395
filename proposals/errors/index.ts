export * from './GovernorErrors.ts'
export { ProposalStateError } from './ProposalStateError.ts'
