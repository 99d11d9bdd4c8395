import type { Hash } from '../../risk/types/index.ts'

/** Paths that engines call on each other, and two for stewards: what waits for them, and their signature of it. */
export const peerRoutes = {
  sign: '/v1/rounds/sign',
  notice: '/v1/rounds/notice',
  cosign: '/v1/rounds/cosign',
  waiting: '/v1/rounds/waiting',
  surface: '/v1/surfaces/sign',
  document: (hash: Hash): string => `/v1/documents/${hash}`,
} as const

/** Requests and answers other than documents. */
export const MAX_REQUEST_BYTES = 65_536
/** The seed of three years of hourly bars has about 4 MB, a book of 500 accounts less than one. */
export const MAX_DOCUMENT_BYTES = 33_554_432
