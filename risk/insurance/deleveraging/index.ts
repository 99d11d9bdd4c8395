export { addAmount, emptyIndex, type IndexedAmount, type ProRataIndex, readAmount, reducePool } from './ProRataIndex.ts'
export { type BankruptAccount, type ResidualPosition, type Resolution, resolveBankruptcy } from './resolveBankruptcy.ts'
export { type OpenInterest, type TearUpResult, type TornUp, tearUp } from './tearUp.ts'
export { type LossLayers, type WaterfallResult, type WaterfallStep, waterfall } from './waterfall.ts'
