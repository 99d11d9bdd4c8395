import { type Abi, decodeEventLog, getAddress, type Log, size, slice } from 'viem'
import { decodeParamId, decodeScopeId } from '../../chain/ids/index.ts'
import type { Address, Hash, Hex } from '../../risk/types/index.ts'
import { type ContractDirectory, functionOf } from '../decode/knownContracts.ts'
import type { Fork } from './openFork.ts'
import type { CallNode, SimulatedEvent, TouchedAccount } from './Simulation.ts'

type TracedCall = {
  readonly type: string
  readonly to?: Address
  readonly input: Hex
  readonly value?: Hex
  readonly gasUsed: Hex
  readonly error?: string
  readonly calls?: readonly TracedCall[]
}
type TracedAccount = { readonly balance?: Hex; readonly code?: Hex; readonly storage?: Readonly<Record<string, Hex>> }
type TracedState = { readonly pre: Readonly<Record<string, TracedAccount>>; readonly post: Readonly<Record<string, TracedAccount>> }

/** Every call of a mined transaction as a tree. */
export async function traceCalls({ request }: Fork, transaction: Hash, directory: ContractDirectory): Promise<CallNode> {
  const traced = (await request('debug_traceTransaction', [transaction, { tracer: 'callTracer' }])) as TracedCall
  const toNode = (call: TracedCall): CallNode => {
    const target = getAddress(call.to ?? '0x0000000000000000000000000000000000000000')
    const known = directory.get(target.toLowerCase())
    const selector = size(call.input) >= 4 ? slice(call.input, 0, 4) : '0x'
    return {
      type: call.type,
      target,
      contract: known?.name ?? null,
      functionName: known === undefined || selector === '0x' ? null : (functionOf(known, selector)?.name ?? null),
      selector,
      value: BigInt(call.value ?? 0),
      gasUsed: BigInt(call.gasUsed),
      error: call.error ?? null,
      children: (call.calls ?? []).map(toNode),
    }
  }
  return toNode(traced)
}

/** Every account that a mined transaction changed, but for who paid for it and who was paid for mining it. */
export async function traceTouched({ request, client }: Fork, transaction: Hash, directory: ContractDirectory): Promise<TouchedAccount[]> {
  const options = { tracer: 'prestateTracer', tracerConfig: { diffMode: true } }
  const { pre, post } = (await request('debug_traceTransaction', [transaction, options])) as TracedState
  const { from, blockNumber } = await client.getTransactionReceipt({ hash: transaction })
  const { miner } = await client.getBlock({ blockNumber })
  const ignored = [from, miner].map((address) => address?.toLowerCase())
  return Object.entries(post)
    .filter(([address]) => !ignored.includes(address.toLowerCase()))
    .map(([key, after]) => {
      const before = pre[key] ?? {}
      const slots = new Set([...Object.keys(before.storage ?? {}), ...Object.keys(after.storage ?? {})])
      return {
        address: getAddress(key),
        contract: directory.get(key.toLowerCase())?.name ?? null,
        slots: slots.size,
        codeChanged: after.code !== undefined,
        etherChange: after.balance === undefined ? 0n : BigInt(after.balance) - BigInt(before.balance ?? 0),
      }
    })
    .filter(({ slots, codeChanged, etherChange }) => slots > 0 || codeChanged || etherChange !== 0n)
    .sort((a, b) => (a.address < b.address ? -1 : 1))
}

/** Events with the names of their arguments, ids and scopes in words. */
export function describeEvents(logs: readonly Log[], directory: ContractDirectory): SimulatedEvent[] {
  return logs.map(({ address, data, topics }) => {
    const known = directory.get(address.toLowerCase())
    const unknown = { address: getAddress(address), contract: known?.name ?? null, name: null, args: { topics: topics.join(' '), data } }
    if (known === undefined) return unknown
    try {
      const { eventName, args } = decodeEventLog({ abi: known.abi as Abi, data, topics: topics as [Hash, ...Hash[]] })
      const named = Object.entries((args ?? {}) as Record<string, unknown>).map(([name, value]) => [name, shown(value)] as const)
      return { ...unknown, name: eventName ?? null, args: Object.fromEntries(named) }
    } catch {
      return unknown
    }
  })
}

function shown(value: unknown): string {
  if (typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value)) {
    for (const decode of [decodeScopeId, decodeParamId]) {
      try {
        return decode(value as Hex)
      } catch {
        // Not of this kind.
      }
    }
  }
  if (typeof value === 'object' && value !== null)
    return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner))
  return String(value)
}
