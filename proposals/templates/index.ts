export { draftRatification, type RatificationPlan } from './ratification.ts'
