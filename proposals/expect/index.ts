export { type Expectation, expectedChanges, flattenProtocols } from './expectedChanges.ts'
export type { Protocol } from './Protocol.ts'
