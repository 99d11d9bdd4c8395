export { compareDeployments } from './compareDeployments.ts'
