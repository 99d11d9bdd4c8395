import { type PublicClient, zeroHash } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FindingKind, type HistoryVerdict, verifyHistory } from '../../../chain/audit/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import { buildExecuteLoosening, buildTighten, sendCall } from '../../../chain/write/index.ts'
import type { Deployment, Hash, Hex } from '../../../risk/types/index.ts'
import { ratified } from '../../proposals/support.ts'
import { submit } from '../rounds.ts'
import { deployed, people, value } from '../support.ts'

const scope = 'market:ETH'
const HOUR = 3600
type Log = { topics: Hash[]; data: Hex; [field: string]: unknown }

/** A node that lies about the logs, and about nothing else. */
function lyingNode(local: LocalChain, lie: (logs: Log[]) => Log[]): PublicClient {
  const request = async (args: { method: string; params?: unknown }): Promise<unknown> => {
    const answer = await (local.client.request as (args: unknown) => Promise<unknown>)(args)
    return args.method === 'eth_getLogs' ? lie(structuredClone(answer) as Log[]) : answer
  }
  return { ...local.client, request } as PublicClient
}

const kinds = (verdict: HistoryVerdict): FindingKind[] => [...new Set(verdict.findings.map(({ kind }) => kind))]

describe('verifyHistory', () => {
  let local: LocalChain
  let deployment: Deployment
  beforeAll(async () => {
    ;({ local, deployment } = await deployed())
    await ratified(local, deployment)
    const wait = async (seconds: number): Promise<void> => local.mine((await local.time()) + seconds)
    await wait(HOUR)
    await submit(local, deployment, scope, { 'margin.priceScanRange': 2500 })
    await wait(HOUR)
    await submit(local, deployment, scope, { 'margin.priceScanRange': 9000, 'liquidation.fee': 290 })
    await wait(HOUR)
    const tightening = { scope, items: [{ id: 'market.openInterestCap', expected: value(50_000), value: value(40_000) }] } as const
    const limits = { impactNotional: 0n, impactAccounts: 0, nonce: 0, validUntil: (await local.time()) + 600 }
    await sendCall(local.client, local.wallet(people.steward), buildTighten(deployment, { ...tightening, ...limits }, null))
    await wait(23 * HOUR)
    await submit(local, deployment, scope, {})
    await sendCall(local.client, local.wallet(people.stranger), buildExecuteLoosening(deployment, scope, 'liquidation.fee'))
  })
  afterAll(() => local.close())

  test('proves a history of activation, round, rejection, emergency tightening and executed loosening', async () => {
    const verdict = await verifyHistory(local.client, deployment)
    expect(verdict.findings).toEqual([])
    expect(verdict).toMatchObject({ historyVerified: true, rangesRespected: true, updates: 6, parameters: 3 })
    expect(verdict.links).toBeGreaterThan(25)
  })

  test('proves an earlier block as well', async () => {
    const block = (await local.client.getBlockNumber()) - 4n
    const verdict = await verifyHistory(local.client, deployment, { block })
    expect(verdict).toMatchObject({ block, historyVerified: true, rangesRespected: true })
  })

  describe('when the node changes the log', () => {
    const updatedTopic = async (): Promise<Hash> => {
      const logs = (await local.request('eth_getLogs', [{ fromBlock: '0x0', address: deployment.contracts.riskParameters }])) as Log[]
      // The last event of the store is the executed loosening.
      return logs.at(-1)?.topics[0] ?? zeroHash
    }

    test('a withheld event is a gap and breaks the head', async () => {
      const topic = await updatedTopic()
      const client = lyingNode(local, (logs) => logs.filter((log, i) => !(log.topics[0] === topic && i > 20)))
      const verdict = await verifyHistory(client, deployment)
      expect(verdict.historyVerified).toBe(false)
      expect(kinds(verdict)).toEqual(expect.arrayContaining(['gap', 'headMismatch']))
    })

    test('a withheld last event is seen by the count', async () => {
      const client = lyingNode(local, (logs) => logs.slice(0, -1))
      const verdict = await verifyHistory(client, deployment)
      expect(verdict.historyVerified).toBe(false)
      expect(kinds(verdict)).toEqual(expect.arrayContaining(['countMismatch', 'headMismatch']))
    })

    test('one changed byte of a value breaks the head, the entry and the stored value', async () => {
      const topic = await updatedTopic()
      const client = lyingNode(local, (logs) =>
        logs.map((log) => {
          // Data words: index, previous, value, writer, reason, round.
          if (log.topics[0] !== topic) return log
          const words = log.data.slice(2).match(/.{64}/g) ?? []
          words[2] = (BigInt(`0x${words[2]}`) ^ 1n).toString(16).padStart(64, '0')
          return { ...log, data: `0x${words.join('')}` }
        }),
      )
      const verdict = await verifyHistory(client, deployment)
      expect(verdict.historyVerified).toBe(false)
      expect(kinds(verdict)).toEqual(expect.arrayContaining(['headMismatch', 'previousMismatch', 'entryMismatch', 'valueMismatch']))
    })

    test('an event told twice is a duplicate', async () => {
      const client = lyingNode(local, (logs) => [...logs, ...logs.slice(-1)])
      expect(kinds(await verifyHistory(client, deployment))).toContain('duplicate')
    })

    test('an answer of null is an error, never an empty history', async () => {
      const request = async (args: { method: string }): Promise<unknown> =>
        args.method === 'eth_getLogs' ? null : (local.client.request as (args: unknown) => Promise<unknown>)(args)
      const client = { ...local.client, request } as PublicClient
      await expect(verifyHistory(client, deployment)).rejects.toMatchObject({ name: 'MissingDataError' })
    })
  })

  test('refuses a deployment of another chain', async () => {
    await expect(verifyHistory(local.client, { ...deployment, chainId: 1 })).rejects.toMatchObject({
      name: 'WrongChainError',
      context: { got: 31_337, expected: 1 },
    })
  })
})
