import { keccak256, stringToHex } from 'viem'
import type { Call } from '../../chain/write/index.ts'
import type { Address, Hash } from '../../risk/types/index.ts'

type Value = null | string | number | boolean | readonly Value[] | { readonly [key: string]: Value }

/**
 * A file for the Transaction Builder of Safe, version 1.0, with its checksum, so that the builder can tell that nothing was changed on the way.
 *
 * @param createdAt - Milliseconds since 1970.
 */
export function safeBatch(
  calls: readonly (Call & { readonly value?: bigint })[],
  {
    chainId,
    safe,
    name,
    description,
    createdAt,
  }: { readonly chainId: number; readonly safe: Address; readonly name: string; readonly description: string; readonly createdAt: number },
): Value {
  const meta = { name, description, txBuilderVersion: '1.16.5', createdFromSafeAddress: safe, createdFromOwnerAddress: '' }
  const batch = {
    version: '1.0',
    chainId: String(chainId),
    createdAt,
    meta,
    transactions: calls.map(({ to, data, value = 0n }) => ({
      to,
      value: value.toString(),
      data,
      contractMethod: null,
      contractInputsValues: null,
    })),
  }
  return { ...batch, meta: { ...meta, checksum: checksum({ ...batch, meta: { ...meta, name: null } }) } }
}

/** The builder's own serialisation: the sorted keys as JSON, then every value followed by a comma; the name does not count. */
function checksum(batch: Value): Hash {
  return keccak256(stringToHex(serialise(batch)))
}

function serialise(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(serialise).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  const record = value as { readonly [key: string]: Value }
  return `{${JSON.stringify(keys)}${keys.map((key) => `${serialise(record[key] ?? null)},`).join('')}}`
}
