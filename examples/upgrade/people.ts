import { numberToHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import type { Hex } from '../../risk/types/index.ts'

/** Somebody of the example. His key is a small number that everybody knows: good for a chain on this machine and for nothing else. */
export type Person = { readonly key: Hex; readonly account: PrivateKeyAccount }

const person = (number: number): Person => {
  const key = numberToHex(number, { size: 32 })
  return { key, account: privateKeyToAccount(key) }
}

export const deployer = person(1)
export const guardian = person(2)
export const steward = person(3)
export const engines = [person(4), person(5), person(6)] as const
/** Holders of all votes. */
export const holders = [person(7), person(8), person(9)] as const

export const chainId = 31_401
export const port = 28_547

/** First tick of the engines; the simulated market has been falling for half a day then. */
export const firstTick = Date.parse('2020-03-09T00:00:00Z') / 1000
