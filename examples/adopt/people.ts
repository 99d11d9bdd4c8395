import { getContractAddress, numberToHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import type { Address, Hex } from '../../risk/types/index.ts'

/** Somebody of the example. His key is a small number that everybody knows: good for a chain on this machine and for nothing else. */
export type Person = { readonly key: Hex; readonly account: PrivateKeyAccount }

const person = (number: number): Person => {
  const key = numberToHex(number, { size: 32 })
  return { key, account: privateKeyToAccount(key) }
}

export const council = person(1)
export const guardian = person(2)
export const steward = person(3)
export const engines = [person(4), person(5), person(6)] as const
export const borrowers = [person(7), person(8), person(9)] as const

export const chainId = 31_400
export const port = 28_546

/** Harbor's first two contracts, made by the council's first two transactions. */
export const timelock: Address = getContractAddress({ from: council.account.address, nonce: 0n })
export const lending: Address = getContractAddress({ from: council.account.address, nonce: 1n })
/** Seconds between the council's decision and its execution. */
export const timelockDelay = 86_400

/** First tick of the engines; the simulated market has been falling for half a day then. */
export const firstTick = Date.parse('2020-03-09T00:00:00Z') / 1000
