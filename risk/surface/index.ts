export { buildSurface } from './buildSurface.ts'
export { type ButterflyCheck, checkButterfly } from './checkButterfly.ts'
export { type CalendarCheck, checkCalendar } from './checkCalendar.ts'
export { checkSurface, type SurfaceCheck } from './checkSurface.ts'
export { type ConstantMaturityVol, constantMaturityVol } from './constantMaturityVol.ts'
export { marginMarket, type SurfaceMarketResult } from './marginMarket.ts'
export { type ParsedChains, parseOptionChains } from './parseOptionChains.ts'
export { parseSurface, surfaceSchema } from './parseSurface.ts'
export type { SmileBasis } from './smileAt.ts'
export { type SmileMeasures, smileMeasures } from './smileMeasures.ts'
export { type SurfaceVol, surfaceVol } from './surfaceVol.ts'
export type {
  ExpiryQuotes,
  Forward,
  ForwardSource,
  Numeraire,
  OptionChain,
  OptionQuote,
  QuoteCase,
  QuoteCounts,
  RawSvi,
  Repair,
  SliceModel,
  SurfaceSlice,
  UnavailableReason,
  VolSurface,
} from './types.ts'
