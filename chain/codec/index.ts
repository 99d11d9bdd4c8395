export * from './adjustment.ts'
export * from './rule.ts'
export * from './state.ts'
export { decodeInteger, decodeValue, encodeInteger } from './values.ts'
