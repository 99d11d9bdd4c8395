import { getAddress, hexToBigInt, hexToNumber, size, slice } from 'viem'
import type { Address, Hex } from '../../risk/types/index.ts'
import type { RawCall } from './decodeCall.ts'

/** Calls that a call makes in turn; empty for one that makes none. */
export type Children =
  | { readonly kind: 'calls'; readonly calls: readonly RawCall[] }
  | { readonly kind: 'malformed'; readonly detail: string }

const calls = (list: readonly RawCall[]): Children => ({ kind: 'calls', calls: list })

/** The calls inside the containers we know: OpenZeppelin's timelock and Governor, Multicall3, `multicall`, Safe and its MultiSend. */
export function childrenOf(target: Address, value: bigint, name: string, signature: string, args: readonly unknown[]): Children {
  switch (signature) {
    case 'schedule(address,uint256,bytes,bytes32,bytes32,uint256)':
    case 'execute(address,uint256,bytes,bytes32,bytes32)':
    case 'relay(address,uint256,bytes)': {
      const [to, wei, data] = args as [Address, bigint, Hex]
      return calls([{ target: to, value: wei, data }])
    }
    case 'scheduleBatch(address[],uint256[],bytes[],bytes32,bytes32,uint256)':
    case 'executeBatch(address[],uint256[],bytes[],bytes32,bytes32)':
    case 'propose(address[],uint256[],bytes[],string)':
    case 'execute(address[],uint256[],bytes[],bytes32)': {
      const [targets, values, data] = args as [readonly Address[], readonly bigint[], readonly Hex[]]
      if (targets.length !== values.length || targets.length !== data.length)
        return { kind: 'malformed', detail: `${name} has ${targets.length} targets, ${values.length} values and ${data.length} calls` }
      return calls(targets.map((to, i) => ({ target: to, value: values[i] as bigint, data: data[i] as Hex })))
    }
    case 'multicall(bytes[])':
      return calls((args[0] as readonly Hex[]).map((data) => ({ target, value, data })))
    case 'aggregate((address,bytes)[])':
    case 'blockAndAggregate((address,bytes)[])':
    case 'aggregate3((address,bool,bytes)[])':
      return calls(
        (args[0] as readonly { target: Address; callData: Hex }[]).map((each) => ({ target: each.target, value: 0n, data: each.callData })),
      )
    case 'tryAggregate(bool,(address,bytes)[])':
    case 'tryBlockAndAggregate(bool,(address,bytes)[])':
      return calls(
        (args[1] as readonly { target: Address; callData: Hex }[]).map((each) => ({ target: each.target, value: 0n, data: each.callData })),
      )
    case 'aggregate3Value((address,bool,uint256,bytes)[])':
      return calls(
        (args[0] as readonly { target: Address; value: bigint; callData: Hex }[]).map((each) => ({
          target: each.target,
          value: each.value,
          data: each.callData,
        })),
      )
    case 'execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)':
    case 'execTransactionFromModule(address,uint256,bytes,uint8)': {
      const [to, wei, data, operation] = args as [Address, bigint, Hex, number]
      return calls([{ target: to, value: wei, data, ...(operation === 1 && { delegatecall: true as const }) }])
    }
    case 'multiSend(bytes)':
      return unpackMultiSend(args[0] as Hex)
    default:
      return calls([])
  }
}

/** MultiSend packs operation (1), target (20), value (32), length (32) and data back to back. */
function unpackMultiSend(packed: Hex): Children {
  const found: RawCall[] = []
  let at = 0
  while (at < size(packed)) {
    if (at + 85 > size(packed)) return { kind: 'malformed', detail: `multiSend ends inside the header of transaction ${found.length}` }
    const operation = hexToNumber(slice(packed, at, at + 1))
    const length = hexToBigInt(slice(packed, at + 53, at + 85))
    const end = BigInt(at + 85) + length
    if (end > BigInt(size(packed))) return { kind: 'malformed', detail: `multiSend ends inside the data of transaction ${found.length}` }
    found.push({
      target: getAddress(slice(packed, at + 1, at + 21)),
      value: hexToBigInt(slice(packed, at + 21, at + 53)),
      data: length === 0n ? '0x' : slice(packed, at + 85, Number(end)),
      ...(operation === 1 && { delegatecall: true as const }),
    })
    at = Number(end)
  }
  return { kind: 'calls', calls: found }
}
