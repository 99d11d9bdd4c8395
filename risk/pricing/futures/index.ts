export { type DatedFutureGreeks, type DatedFutureInputs, datedFutureGreeks } from './datedFutureGreeks.ts'
export { type InverseFutureGreeks, type InverseFutureInputs, inverseFutureGreeks } from './inverseFutureGreeks.ts'
export { type LinearFutureInputs, linearFutureValue } from './linearFutureValue.ts'
