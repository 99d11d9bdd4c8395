export * from './conditions.ts'
export * from './postConditionsContract.ts'
