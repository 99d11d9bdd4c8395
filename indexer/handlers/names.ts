import { decodeParamId, decodeScopeId } from '../../chain/ids/index.ts'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Hex } from '../../risk/types/index.ts'

/** The name of a scope. Bytes that are no name, which a vote could put on chain, are shown as they are: the index must not stop at them. */
export const scopeName = (bytes: Hex): string => nameOr(bytes, decodeScopeId)

/** The name of a parameter; see {@link scopeName}. */
export const parameterName = (bytes: Hex): string => nameOr(bytes, decodeParamId)

function nameOr(bytes: Hex, decode: (bytes: Hex) => string): string {
  try {
    return decode(bytes)
  } catch (error) {
    if (error instanceof InvalidInputError) return bytes
    throw error
  }
}
