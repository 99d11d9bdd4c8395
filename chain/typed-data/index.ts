export * from './ballot.ts'
export { type Domain, domainOf, readDomain } from './domain.ts'
export * from './round.ts'
export * from './surface.ts'
