export { computeTargets } from './computeTargets.ts'
export { constantOf, type Policy, type PolicyContext, type Target } from './Policy.ts'
export { policies } from './policies.ts'
