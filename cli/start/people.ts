import type { LocalAccount } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { Hex } from '../../risk/types/index.ts'

/** One person or process of a local run, with a key made for it. */
export type Person = { readonly key: Hex; readonly account: LocalAccount }

/** Who takes part in a local run. */
export type People = {
  readonly deployer: Person
  readonly holders: readonly [Person, Person, Person]
  readonly guardian: Person
  readonly steward: Person
  readonly engines: readonly [Person, Person, Person]
  /** Writes prices, posts surfaces and ladders, and brings people cash: what the world outside does elsewhere. */
  readonly desk: Person
}

/** Fresh keys for one run. They live in memory and in the engines' environment, never in a file. */
export function createPeople(): People {
  return {
    deployer: person(),
    holders: [person(), person(), person()],
    guardian: person(),
    steward: person(),
    engines: [person(), person(), person()],
    desk: person(),
  }
}

/** All keys, the deployer's first. */
export function allKeys({ deployer, holders, guardian, steward, engines, desk }: People): Hex[] {
  return [deployer, ...holders, guardian, steward, ...engines, desk].map(({ key }) => key)
}

function person(): Person {
  const key = generatePrivateKey()
  return { key, account: privateKeyToAccount(key) }
}
