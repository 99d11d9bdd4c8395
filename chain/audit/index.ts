export { type FindingKind, type HistoryFinding, integrityKinds, isRangeFinding, rangeKinds } from './findings.ts'
export { type Rebuilt, type RebuiltParameter, type RebuiltUpdate, rebuildHistory } from './rebuild.ts'
export { computeHead, verifyChain } from './verifyChain.ts'
export { type HistoryVerdict, type VerifyOptions, verifyHistory } from './verifyHistory.ts'
