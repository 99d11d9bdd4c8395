import { privateKeyToAccount } from 'viem/accounts'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Hash, Hex } from '../../risk/types/index.ts'
import type { EngineKey } from './EngineKey.ts'

/**
 * An engine key that lives in this process's memory.
 *
 * @param privateKey - 32 bytes as hex. The error for a malformed one does not repeat it.
 * @throws {InvalidInputError} Not 32 bytes, or outside the group of secp256k1.
 */
export function createEngineKey(privateKey: Hex): EngineKey {
  const account = parse(privateKey)
  return {
    address: account.address,
    signDigest: (hash: Hash) => account.sign({ hash }),
    signTransaction: (transaction) => account.signTransaction(transaction),
  }
}

function parse(privateKey: Hex): ReturnType<typeof privateKeyToAccount> {
  try {
    if (/^0x[0-9a-fA-F]{64}$/.test(privateKey)) return privateKeyToAccount(privateKey)
  } catch {
    // Not a scalar of the group; the reason would print the key.
  }
  throw new InvalidInputError({ argument: 'private key', got: 'something else', limit: 'a private key of 32 bytes as hex with 0x' })
}
