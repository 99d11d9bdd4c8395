import type { PublicClient } from 'viem'
import type { Address, Deployment, ParameterEntry, ParameterRule, UnixSeconds } from '../../risk/types/index.ts'
import { decodeEntry, decodeRule, decodeState } from '../codec/index.ts'
import { riskParametersAbi } from '../generated/index.ts'
import { encodeParamId, encodeScopeId } from '../ids/index.ts'
import { mapConcurrently, readBlock } from '../read/index.ts'
import { finding, type HistoryFinding } from './findings.ts'
import type { Rebuilt, RebuiltParameter, RebuiltUpdate } from './rebuild.ts'

const LOOSEN_WRAP = 2 ** 32
const TIGHTEN_WRAP = 2 ** 48

type Store = { readonly address: Address; readonly abi: typeof riskParametersAbi; readonly blockNumber: bigint }

/**
 * Compares what the log says with what the contract holds at `block`: every scope active, every value and rule, and every history entry with its
 * time, round, writer, reason and the sums that the budgets are made of.
 */
export async function compareStorage(
  client: PublicClient,
  deployment: Deployment,
  rebuilt: Rebuilt,
  block: bigint,
): Promise<HistoryFinding[]> {
  const store: Store = { address: deployment.contracts.riskParameters, abi: riskParametersAbi, blockNumber: block }
  const active = await Promise.all(
    rebuilt.scopes.map((scope) => client.readContract({ ...store, functionName: 'isActive', args: [encodeScopeId(scope)] })),
  )
  const dead = rebuilt.scopes.filter((_, i) => active[i] !== true)
  const findings = dead.map((scope) => finding('inactiveScope', 'active', 'not active', { scope }))
  const alive = rebuilt.parameters.filter(({ scope }) => !dead.includes(scope))
  const times = await readTimes(client, alive)
  for (const parameter of alive) findings.push(...(await compareParameter(client, store, parameter, times)))
  return findings
}

async function readTimes(client: PublicClient, parameters: readonly RebuiltParameter[]): Promise<ReadonlyMap<bigint, UnixSeconds>> {
  const blocks = [...new Set(parameters.flatMap(({ updates }) => updates.map(({ link }) => link.block)))]
  return new Map(await mapConcurrently(blocks, async (block) => [block, (await readBlock(client, block)).time] as const))
}

async function compareParameter(
  client: PublicClient,
  store: Store,
  parameter: RebuiltParameter,
  times: ReadonlyMap<bigint, UnixSeconds>,
): Promise<HistoryFinding[]> {
  const { scope, id, updates } = parameter
  const key = [encodeScopeId(scope), encodeParamId(id)] as const
  const [state, rule] = await Promise.all([
    client.readContract({ ...store, functionName: 'stateOf', args: key }).then(decodeState),
    client.readContract({ ...store, functionName: 'ruleOf', args: key }).then(decodeRule),
  ])
  const findings: HistoryFinding[] = []
  const last = updates.at(-1)
  if (state.value !== last?.value) findings.push(finding('valueMismatch', last?.value, state.value, { scope, id }))
  if (!sameRule(rule, parameter.rule))
    findings.push(finding('ruleMismatch', JSON.stringify(parameter.rule), JSON.stringify(rule), { scope, id }))
  // An imported parameter brought entries of its predecessor, of which the last is the import itself.
  const offset = updates[0]?.reason === 'import' ? state.historyLength - updates.length : 0
  if (state.historyLength !== updates.length + offset || offset < 0) {
    findings.push(finding('lengthMismatch', updates.length, state.historyLength, { scope, id }))
    return findings
  }
  const entries = await mapConcurrently(updates, async (_, i) =>
    decodeEntry(await client.readContract({ ...store, functionName: 'entry', args: [...key, i + offset] })),
  )
  updates.forEach((update, i) => {
    const differs = compareEntry(update, entries[i] as ParameterEntry, entries[i - 1], times.get(update.link.block))
    if (differs !== null) findings.push(finding('entryMismatch', differs.expected, differs.got, { index: update.link.index, scope, id }))
  })
  return findings
}

function sameRule(a: ParameterRule, b: ParameterRule | null): boolean {
  return b !== null && (Object.keys(a) as (keyof ParameterRule)[]).every((field) => a[field] === b[field])
}

function compareEntry(
  update: RebuiltUpdate,
  entry: ParameterEntry,
  before: ParameterEntry | undefined,
  time: UnixSeconds | undefined,
): { readonly expected: string; readonly got: string } | null {
  const expected: Record<string, unknown> = { value: update.value }
  // Copied entries keep the time, writer and reason they had in the store they came from.
  if (update.reason !== 'import') Object.assign(expected, { time, writer: update.writer, reason: update.reason, round: update.round })
  if (before !== undefined) Object.assign(expected, sumsAfter(update, before, entry))
  const got = entry as unknown as Readonly<Record<string, unknown>>
  const field = Object.keys(expected).find((name) => expected[name] !== got[name])
  return field === undefined ? null : { expected: `${field} ${expected[field]}`, got: `${field} ${got[field]}` }
}

/** The cumulative sums that an update must leave: gross loosening in bps rounded up, tightening in the parameter's unit, charged to one of two sums. */
function sumsAfter(update: RebuiltUpdate, before: ParameterEntry, entry: ParameterEntry): Partial<ParameterEntry> {
  const move = Math.abs(update.value - update.previous)
  const loosened =
    update.reason === 'loosening' ? Number((BigInt(move) * 10_000n + BigInt(update.previous) - 1n) / BigInt(update.previous)) : 0
  const tightened = update.reason === 'round' || update.reason === 'emergency' || update.reason === 'deadman' ? move : 0
  const toSteward = update.reason === 'emergency' || (update.reason === 'round' && entry.cumulativeTighten === before.cumulativeTighten)
  return {
    cumulativeLoosenBps: (before.cumulativeLoosenBps + loosened) % LOOSEN_WRAP,
    cumulativeTighten: (before.cumulativeTighten + (toSteward ? 0 : tightened)) % TIGHTEN_WRAP,
    cumulativeStewardTighten: (before.cumulativeStewardTighten + (toSteward ? tightened : 0)) % TIGHTEN_WRAP,
  }
}
