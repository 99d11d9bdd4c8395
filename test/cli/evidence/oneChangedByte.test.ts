import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChainLog } from '../../../cli/audit/ChainLog.ts'
import { readChainLog, writeChainLog } from '../../../cli/audit/chainLogFile.ts'
import { decodeHistory } from '../../../cli/audit/decodeHistory.ts'
import { foldHistory } from '../../../cli/audit/foldHistory.ts'
import { replayRounds } from '../../../cli/audit/replayRounds.ts'
import { openEvidence } from '../../../cli/context/openEvidence.ts'
import { projectRoot } from '../../../cli/context/projectRoot.ts'
import type { Evidence } from '../../../cli/evidence/buildSteps.ts'
import { explain } from '../../../cli/evidence/explain.ts'
import type { Step, StepId } from '../../../cli/evidence/Step.ts'
import { createOutput } from '../../../cli/kit/Output.ts'
import type { Terminal } from '../../../cli/kit/Terminal.ts'
import { readEngineBuild } from '../../../controller/engine/readEngineBuild.ts'
import { openStore } from '../../../controller/store/openStore.ts'
import type { EngineState, Hash, MarketSnapshot } from '../../../risk/types/index.ts'
import { from, makeRun } from '../makeRun.ts'

const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite') as typeof import('node:sqlite')

let run: Awaited<ReturnType<typeof makeRun>>
/** The round whose write is explained, and the hashes of its documents. */
let target: { readonly parameter: string; readonly at: number; readonly round: number; readonly hashes: Readonly<Record<string, Hash>> }

beforeAll(async () => {
  run = await makeRun()
  target = chooseTarget(run.folder)
})
afterAll(() => run.close())

/** The first tightening in round 2 or later: it has a round before it and one after it. */
function chooseTarget(folder: string): typeof target {
  const { writes, rounds } = foldHistory(decodeHistory(readChainLog(join(folder, 'chain.ndjson')).logs))
  const write = writes.find(({ writer, round }) => writer === 'controller' && round === 2)
  const accepted = rounds.find(({ round }) => round === 2)
  if (write === undefined || accepted === undefined) throw new Error('round 2 of the fixture moved nothing')
  const store = openStore({ path: join(folder, 'engine-1.sqlite'), readOnly: true })
  const snapshot = JSON.parse(store.get(accepted.snapshot) ?? '') as MarketSnapshot
  const state = JSON.parse(store.get(snapshot.priorState) ?? '') as EngineState
  store.close()
  const chunk = Object.values(state.series).flatMap(({ chunks }) => chunks)[0]
  if (chunk === undefined) throw new Error('the state of the fixture has no chunk')
  const { configuration, report } = accepted
  const hashes = {
    snapshot: accepted.snapshot,
    configuration,
    report,
    book: snapshot.book,
    state: snapshot.priorState,
    chunk,
    seed: state.seed,
  }
  return { parameter: write.id, at: write.link.time, round: 2, hashes }
}

const terminal: Terminal = {
  writeOut: () => undefined,
  writeError: () => undefined,
  environment: {},
  folder: '/',
  outputIsTerminal: false,
  errorsAreTerminal: false,
  inputIsTerminal: false,
  ask: async () => '',
  askSecret: async () => '',
  readInput: async () => new Uint8Array(),
  signal: new AbortController().signal,
}

type Change = (folder: string) => void
type Twist = (evidence: Evidence) => Evidence

async function steps(
  change: Change,
  twist: Twist = (evidence) => evidence,
): Promise<{ explained: readonly Step[]; replayed: readonly (readonly Step[])[] }> {
  const folder = join(mkdtempSync(join(tmpdir(), 'ballast-changed-')), 'run')
  cpSync(run.folder, folder, { recursive: true })
  change(folder)
  const context = { terminal, output: createOutput(terminal, { color: false }), signal: terminal.signal }
  const opened = await openEvidence({ run: folder }, context)
  try {
    const evidence = twist(opened.evidence)
    const explained = (await explain(evidence, opened.history, { parameter: target.parameter, scope: 'market:ETH', at: target.at })).steps
    const replayed = [...replayRounds(evidence, opened.history.rounds)].map((round) => round.steps)
    return { explained, replayed }
  } finally {
    opened.close()
  }
}

const red = (list: readonly Step[]): StepId[] => list.filter(({ status }) => status === 'failed').map(({ id }) => id)

/** Flips one bit of one character inside a stored document, under its old hash. */
const inStore =
  (name: string): Change =>
  (folder) => {
    const database = new DatabaseSync(join(folder, 'engine-1.sqlite'))
    const key = Buffer.from((target.hashes[name] as Hash).slice(2), 'hex')
    const row = database.prepare('SELECT body FROM document WHERE hash = ?').get(key) as { readonly body: Uint8Array }
    const text = flipLastDigit(inflateRawSync(row.body).toString('utf8'))
    database.prepare('UPDATE document SET body = ? WHERE hash = ?').run(deflateRawSync(text), key)
    database.close()
  }

const inDocuments =
  (name: string): Change =>
  (folder) => {
    const file = join(folder, 'documents', `${(target.hashes[name] as Hash).slice(2)}.json`)
    writeFileSync(file, flipLastDigit(readFileSync(file, 'utf8')))
  }

function flipLastDigit(text: string): string {
  const at = text.search(/\d(?=[^\d]*$)/)
  const digit = text[at]
  if (digit === undefined) throw new Error('no digit to change')
  return `${text.slice(0, at)}${String.fromCharCode(digit.charCodeAt(0) ^ 1)}${text.slice(at + 1)}`
}

/** Changes the chain log as a file, through `edit`. */
const inChain =
  (edit: (log: ChainLog) => ChainLog): Change =>
  (folder) => {
    const file = join(folder, 'chain.ndjson')
    writeChainLog(file, edit(readChainLog(file)))
  }

const flipHexAt = (hex: string, at: number): `0x${string}` =>
  `${hex.slice(0, at)}${(Number.parseInt(hex[at] ?? '0', 16) ^ 1).toString(16)}${hex.slice(at + 1)}` as `0x${string}`

/** The log of the explained write; its last byte but many is inside `value`. */
const historyEntry = inChain((log) => {
  const link = foldHistory(decodeHistory(log.logs)).writes.find(({ id, round }) => id === target.parameter && round === 2)?.link
  return {
    ...log,
    logs: log.logs.map((each) =>
      each.transaction === link?.transaction && each.logIndex === link.logIndex
        ? { ...each, data: flipHexAt(each.data, 2 + 64 * 3 - 1) }
        : each,
    ),
  }
})

const storedEntry = inChain((log) => ({
  ...log,
  entries: log.entries.map((each) =>
    each.id === target.parameter && each.entry.round === 2
      ? { ...each, entry: { ...each.entry, value: (each.entry.value ^ 1) as typeof each.entry.value } }
      : each,
  ),
}))

/** One nibble of the calldata of round 2: in the snapshot's hash, or in the last signature. */
const calldata = (where: 'report' | 'signature'): Change =>
  inChain((log) => {
    const accepted = foldHistory(decodeHistory(log.logs)).rounds.find(({ round }) => round === 2)
    return {
      ...log,
      transactions: log.transactions.map((each) => {
        if (each.hash !== accepted?.link.transaction) return each
        const at = where === 'report' ? each.input.indexOf(accepted.report.slice(2)) + 10 : signatureAt(each.input)
        return { ...each, input: flipHexAt(each.input, at) }
      }),
    }
  })

/** Position of a nibble inside the first 65-byte signature: right after its length word 0x41. */
function signatureAt(input: string): number {
  const length = '41'.padStart(64, '0')
  return input.indexOf(length) + length.length + 20
}

/** The engine of a copy of this project, in which one byte of one source of risk/ is another. */
const engineBuild: Twist = (evidence) => {
  const copy = mkdtempSync(join(tmpdir(), 'ballast-engine-'))
  cpSync(join(projectRoot, 'risk'), join(copy, 'risk'), { recursive: true })
  cpSync(join(projectRoot, 'package-lock.json'), join(copy, 'package-lock.json'))
  const file = join(copy, 'risk', 'units.ts')
  writeFileSync(file, flipLastDigit(readFileSync(file, 'utf8')))
  return { ...evidence, engineBuild: readEngineBuild(copy) }
}
const rawBar: Twist = (evidence) => ({
  ...evidence,
  fetchRaw: async (snapshot, previous) => {
    const raw = await evidence.fetchRaw?.(snapshot, previous)
    if (raw === undefined) throw new Error('the fixture has a source')
    const bars = raw.observation.bars.map((bar) => ({ ...bar, volume: bar.volume + 0.5 }))
    return { ...raw, observation: { ...raw.observation, bars } }
  },
})
const rawSeed: Twist = (evidence) => ({
  ...evidence,
  fetchRaw: async (snapshot, previous) => {
    const raw = await evidence.fetchRaw?.(snapshot, previous)
    if (raw === undefined) throw new Error('the fixture has a source')
    return { ...raw, seed: raw.seed.map((bar, i) => (i === 0 ? { ...bar, volume: bar.volume + 0.5 } : bar)) }
  },
})

describe('given an untouched run', () => {
  test('every step of explain is verified and every round replays byte for byte', async () => {
    const { explained, replayed } = await steps(() => undefined)
    expect(explained.map(({ id, status }) => `${id} ${status}`)).toEqual(explained.map(({ id }) => `${id} verified`))
    expect(explained).toHaveLength(16)
    expect(replayed.length).toBe(3)
    expect(replayed.flatMap((list) => list.filter(({ status }) => status !== 'verified').map(({ id }) => id))).toEqual([])
  })
})

describe('when one byte is changed, exactly that step turns red', () => {
  const cases: readonly (readonly [string, StepId, Change, StepId | null])[] = [
    ['the stored snapshot', 'snapshot', inStore('snapshot'), 'snapshot'],
    ['the configuration', 'configuration', inDocuments('configuration'), 'configuration'],
    ['the stored report', 'report', inStore('report'), 'report'],
    ['the accounts', 'book', inStore('book'), 'book'],
    ['the stored state', 'state', inStore('state'), 'state'],
    ['a chunk of the stored state', 'state', inStore('chunk'), 'state'],
    ['the stored seed', 'seed', inStore('seed'), null],
    ['an entry of the history', 'history', historyEntry, null],
    ['the word in the store', 'word', storedEntry, null],
    ['the calldata of the round', 'round', calldata('report'), 'round'],
    ['a signature', 'signatures', calldata('signature'), null],
  ]
  test.each(cases)('%s: explain marks %s', async (_what, step, change, inReplay) => {
    const { explained, replayed } = await steps(change)
    expect(red(explained)).toEqual([step])
    const failed = explained.find(({ id }) => id === step)
    expect(failed?.expected).not.toBe(failed?.got)
    if (inReplay !== null) expect(red(replayed[target.round - 1] ?? [])).toEqual([inReplay])
  })

  test('the engine build: explain and every round of the replay mark engine, and the numbers still agree', async () => {
    const { explained, replayed } = await steps(() => undefined, engineBuild)
    expect(red(explained)).toEqual(['engine'])
    expect(explained.find(({ id }) => id === 'decision')?.status).toBe('verified')
    for (const list of replayed) expect(red(list)).toEqual(['engine'])
  })

  test('a raw bar: explain marks bars', async () => {
    expect(red((await steps(() => undefined, rawBar)).explained)).toEqual(['bars'])
  })

  test('a seed bar: explain marks seed', async () => {
    expect(red((await steps(() => undefined, rawSeed)).explained)).toEqual(['seed'])
  })
})

describe('given a snapshot that was changed', () => {
  test('what rests on it is not claimed, and the rounds after it still replay', async () => {
    const { explained, replayed } = await steps(inStore('snapshot'))
    const blocked = explained.filter(({ status }) => status === 'blocked').map(({ id }) => id)
    expect(blocked).toEqual(['book', 'state', 'decision', 'bounds', 'target', 'signals', 'bars', 'seed'])
    expect(red(replayed[0] ?? [])).toEqual([])
    expect(red(replayed[2] ?? [])).toEqual([])
  })
})

test('the fixture has three rounds from the first tick on', () => {
  expect(readdirSync(run.folder)).toContain('chain.ndjson')
  expect(
    foldHistory(decodeHistory(readChainLog(join(run.folder, 'chain.ndjson')).logs)).rounds.map(({ observedAt }) => observedAt),
  ).toEqual([from, from + 3_600, from + 7_200])
})
