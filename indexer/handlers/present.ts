import { zeroAddress } from 'viem'
import type { Address } from '../../risk/types/index.ts'

/** Null for the zero account, by which contracts say that there is none. */
export const present = (account: Address): Address | null => (account === zeroAddress ? null : account)
