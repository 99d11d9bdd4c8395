export { DraftError, type DraftProblem } from './DraftError.ts'
export * from './GovernorErrors.ts'
export { ProposalStateError } from './ProposalStateError.ts'
