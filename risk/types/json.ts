/** A value that RFC 8785 can canonicalise: finite numbers only, no undefined. Integers beyond 2^53 travel as decimal strings. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
