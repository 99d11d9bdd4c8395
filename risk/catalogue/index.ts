export { parseCatalogue } from './parseCatalogue.ts'
export { parseEngineConfiguration } from './parseEngineConfiguration.ts'
export { type MarketDefaults, parseMarket, type ScopeContents } from './parseMarket.ts'
export { catalogueSchema, engineSchema, marketSchema } from './schemas.ts'
