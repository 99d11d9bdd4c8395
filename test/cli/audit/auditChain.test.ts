import { decodeAbiParameters, encodeAbiParameters, encodeEventTopics, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, test } from 'vitest'
import { computeHead } from '../../../chain/audit/index.ts'
import { controllerMandateAbi } from '../../../chain/generated/index.ts'
import { encodeScopeId } from '../../../chain/ids/index.ts'
import { auditChain } from '../../../cli/audit/auditChain.ts'
import type { ChainLog, ProtocolLog } from '../../../cli/audit/ChainLog.ts'
import { decodeHistory } from '../../../cli/audit/decodeHistory.ts'
import { recoverSigners } from '../../../cli/audit/recoverSigners.ts'
import type { Hash, Hex, ParameterValue } from '../../../risk/types/index.ts'
import { writeHistory } from './writeHistory.ts'

const ROUNDS = 20
let honest: ChainLog

/** The checks that find something wrong. */
async function failing(log: ChainLog): Promise<string[]> {
  const { checks } = await auditChain(log)
  return checks.filter(({ ok }) => !ok).map(({ check }) => check)
}

/** What a forger would do besides: number the links again and let the head follow. */
function rechained(log: ChainLog, logs: readonly ProtocolLog[]): ChainLog {
  const numbered = logs.map((each, index) => ({ ...each, logIndex: index, data: withWord(each.data, 0, index) }))
  return { ...log, logs: numbered, head: { hash: computeHead(decodeHistory(numbered)), count: numbered.length } }
}

function withWord(data: Hex, word: number, value: number | bigint): Hex {
  const bytes = encodeAbiParameters([{ type: 'uint256' }], [BigInt(value)]).slice(2)
  return `0x${data.slice(2, 2 + 64 * word)}${bytes}${data.slice(2 + 64 * (word + 1))}`
}

function wordOf(data: Hex, word: number): bigint {
  return decodeAbiParameters([{ type: 'uint256' }], `0x${data.slice(2 + 64 * word, 2 + 64 * (word + 1))}`)[0]
}

function isEvent(log: ChainLog, name: string): (each: ProtocolLog) => boolean {
  const names = decodeHistory(log.logs).map(({ event }) => event)
  const at = new Map(log.logs.map((each, i) => [each, names[i]]))
  return (each) => at.get(each) === name
}

beforeAll(async () => {
  honest = await writeHistory(ROUNDS)
})

describe('audit verify', () => {
  test('finds nothing in an honest history', async () => {
    const audit = await auditChain(honest)
    expect(audit).toMatchObject({ ok: true, rounds: ROUNDS, signatures: 2 * ROUNDS, writes: 3 * ROUNDS + 3, faults: [] })
  })

  test('a missing entry', async () => {
    expect(await failing({ ...honest, entries: honest.entries.toSpliced(30, 1) })).toContain('entries')
    const logs = honest.logs.toSpliced(40, 1)
    expect(await failing({ ...honest, logs })).toEqual(expect.arrayContaining(['complete', 'chained']))
    expect(await failing(rechained(honest, logs))).toContain('entries')
  })

  test('an altered value', async () => {
    const at = honest.logs.findLastIndex(isEvent(honest, 'ParameterUpdated'))
    const { data } = honest.logs[at]!
    const logs = honest.logs.with(at, { ...honest.logs[at]!, data: withWord(data, 2, wordOf(data, 2) + 1n) })
    expect(await failing({ ...honest, logs })).toContain('chained')
    expect(await failing(rechained(honest, logs))).toEqual(expect.arrayContaining(['entries', 'values']))
    const [value] = honest.values
    expect(await failing({ ...honest, values: honest.values.with(0, { ...value!, value: value!.value - 1 }) })).toEqual(['values'])
    const entry = honest.entries[30]!
    const altered = { ...entry, entry: { ...entry.entry, value: (entry.entry.value - 1) as ParameterValue } }
    expect(await failing({ ...honest, entries: honest.entries.with(30, altered) })).toContain('entries')
  })

  test('a write beyond its step, with everything else forged to fit', async () => {
    const at = honest.logs.findLastIndex(isEvent(honest, 'ParameterUpdated'))
    const { data } = honest.logs[at]!
    const logs = honest.logs.with(at, { ...honest.logs[at]!, data: withWord(data, 2, 5n) })
    const { index, scope, id } = honest.entries.at(-1)!
    const forged = { ...honest.entries.at(-1)!, entry: { ...honest.entries.at(-1)!.entry, value: 5 as ParameterValue } }
    const log = {
      ...rechained(honest, logs),
      entries: honest.entries.with(-1, forged),
      values: honest.values.map((value) => (value.id === id ? { ...value, value: 5, effective: 5 } : value)),
    }
    expect({ index, scope }).toEqual({ index: ROUNDS, scope: 'market:ETH' })
    expect(await failing(log)).toEqual(['limits', 'rounds'])
  })

  test('reordered entries', async () => {
    const [a, b] = [honest.logs[20]!, honest.logs[40]!]
    const swapped = honest.logs.with(20, { ...a, topics: b.topics, data: b.data }).with(40, { ...b, topics: a.topics, data: a.data })
    expect(await failing({ ...honest, logs: swapped })).toEqual(expect.arrayContaining(['complete', 'chained']))
    expect(await failing(rechained(honest, swapped))).toEqual(expect.arrayContaining(['values', 'entries']))
    const entries = honest.entries.map((entry) => {
      if (entry.id !== 'market.depth' || (entry.index !== 5 && entry.index !== 6)) return entry
      return { ...entry, index: 11 - entry.index }
    })
    expect(await failing({ ...honest, entries })).toContain('entries')
  })

  test("another scope's history", async () => {
    const btc = encodeScopeId('market:BTC')
    const logs = honest.logs.map((each) => ({
      ...each,
      topics: each.topics.map((topic, i) => (i === 1 && topic === encodeScopeId('market:ETH') ? btc : topic)),
    }))
    expect(await failing({ ...honest, logs })).toEqual(expect.arrayContaining(['chained', 'entries', 'values']))
    const renamed = {
      entries: honest.entries.map((entry) => ({ ...entry, scope: 'market:BTC' as const })),
      values: honest.values.map((value) => ({ ...value, scope: 'market:BTC' as const })),
    }
    expect(await failing({ ...rechained(honest, logs), ...renamed })).toContain('rounds')
  })

  test('a forged evidence hash', async () => {
    const at = honest.logs.findIndex(isEvent(honest, 'RoundAccepted'))
    for (const word of [3, 4, 5, 6, 7]) {
      const logs = honest.logs.with(at, { ...honest.logs[at]!, data: withWord(honest.logs[at]!.data, word, 7n) })
      expect(await failing({ ...honest, logs })).toEqual(['chained', 'rounds'])
      expect(await failing(rechained(honest, logs))).toEqual(['rounds'])
    }
  })

  test('an omitted rejection', async () => {
    const isRejection = isEvent(honest, 'ItemRejected')
    const logs = honest.logs.filter((each) => !isRejection(each))
    expect(honest.logs.length - logs.length).toBe(2)
    expect(await failing({ ...honest, logs })).toEqual(expect.arrayContaining(['complete', 'chained']))
    expect(await failing(rechained(honest, logs))).toEqual(['rounds'])
  })

  test('an omitted round, and a signature of somebody else', async () => {
    const isRound = isEvent(honest, 'RoundAccepted')
    const at = honest.logs.findIndex(isRound)
    expect(await failing(rechained(honest, honest.logs.toSpliced(at, 1)))).toContain('rounds')
    const isEngines = isEvent(honest, 'EnginesChanged')
    const engines = honest.logs.findIndex(isEngines)
    const data = honest.logs[engines]!.data
    const logs = honest.logs.with(engines, { ...honest.logs[engines]!, data: withWord(data, 5, 0xdeadn) })
    expect(await failing(rechained(honest, logs))).toEqual(['signatures'])
  })
})

test('a round of a revoked epoch', async () => {
  const at = honest.logs.findLastIndex(isEvent(honest, 'RoundAccepted'))
  const before = honest.logs[at - 4]!
  const revocation: ProtocolLog = {
    ...before,
    address: honest.logs[at]!.address,
    topics: encodeEventTopics({ abi: controllerMandateAbi, eventName: 'EpochRevoked', args: { by: before.address } }) as Hash[],
    data: encodeAbiParameters([{ type: 'uint32' }, { type: 'uint32' }], [0, 2]),
  }
  expect(await failing(rechained(honest, honest.logs.toSpliced(at - 3, 0, revocation)))).toEqual(['signatures'])
})

test('signers recovered in threads are those recovered here, in order; garbage is nobody', async () => {
  const { logs } = honest
  const digest = logs[0]!.topics[0]!
  const { transactions } = honest
  expect(transactions).toHaveLength(ROUNDS)
  const account = privateKeyToAccount(toHex(7, { size: 32 }))
  const data = await account.sign({ hash: digest })
  const signer = account.address
  const claims = Array.from({ length: 1_200 }, (_, i) => ({ digest, signer, data: i % 3 === 0 ? ('0x12' as const) : data }))
  const [here] = await recoverSigners([{ digest, data, signer }])
  const recovered = await recoverSigners(claims)
  expect(recovered).toEqual(claims.map(({ data: given }) => (given === data ? here : null)))
  expect(here).toMatch(/^0x[0-9a-f]{40}$/)
  await expect(recoverSigners(claims, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
})
