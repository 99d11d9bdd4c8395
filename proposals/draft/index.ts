export * from './actions.ts'
export { type DraftInput, draftProposal } from './draftProposal.ts'
