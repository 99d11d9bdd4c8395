export { assessGroup, type GroupAssessment, type GroupMember } from './assessGroup.ts'
export { type BetaLane, betaLadder, type GroupScan } from './betaLadder.ts'
