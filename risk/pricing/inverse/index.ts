export { type InverseGreeks, inverseOptionGreeks } from './inverseOptionGreeks.ts'
export { type InversePrice, inverseOptionPrice } from './inverseOptionPrice.ts'
