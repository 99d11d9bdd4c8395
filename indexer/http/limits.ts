/** Bytes of a query with its variables. */
export const MAX_BODY_BYTES = 64 * 1_024
