declare const unit: unique symbol
type Unit<Base, Name extends string> = Base & { readonly [unit]: Name }

/** Ten-thousandths: 10_000 is 100 %. A whole number, never negative. */
export type Bps = Unit<number, 'Bps'>
/** Fixed point with 18 decimals: 1e18 is 1.0. */
export type Wad = Unit<bigint, 'Wad'>
/** Value of a parameter in the unit its catalogue entry names. A whole number in [0, 2^48 - 1]. */
export type ParameterValue = Unit<number, 'ParameterValue'>

/** US dollars. */
export type Usd = number
/** 0.05 is 5 %. */
export type Fraction = number
/** Annualised volatility: 0.8 is 80 %. */
export type Vol = number
/** Actual/365, with days of 86,400 s. */
export type Years = number
/** Instant, in whole seconds since 1970-01-01T00:00Z. */
export type UnixSeconds = number
/** Duration in whole seconds. */
export type Seconds = number

/** 0x-prefixed lower-case keccak256, 32 bytes. */
export type Hash = `0x${string}`
/** 0x-prefixed bytes. */
export type Hex = `0x${string}`
/** EIP-55 checksummed address. */
export type Address = `0x${string}`
