import type { LocalAccount, TypedDataDefinition } from 'viem'
import type { Hex } from '../../risk/types/index.ts'
import { usageError } from '../kit/CliError.ts'
import type { Caller } from './perform.ts'

/**
 * Signs the typed data of an act with the caller's key.
 *
 * @throws {CliError} The caller is a Safe, or an account that a local node signs for.
 */
export function signAct({ account }: Caller, data: TypedDataDefinition): Promise<Hex> {
  if (account === null) throw usageError('A signature needs the key of the account that signs.', 'Leave --from and --safe out.')
  return (account as LocalAccount).signTypedData(data)
}
