export { compareModes, type ModeComparison, type Requirement } from './compareModes.ts'
