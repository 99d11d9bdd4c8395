export * from './cascade/index.ts'
export * from './deleveraging/index.ts'
export * from './fund/index.ts'
export * from './stress/index.ts'
