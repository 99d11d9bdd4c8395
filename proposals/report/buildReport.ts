import type { Json } from '../../risk/types/index.ts'
import type { CheckResult } from '../checks/index.ts'
import { describeCall } from '../decode/index.ts'
import { type Examination, titleOf } from '../pipeline/index.ts'
import type { RiskAssessment } from '../risk/index.ts'
import type { CallNode, SimulatedEvent } from '../simulate/index.ts'
import { type ChangeRow, describeChange } from './describeChange.ts'

export type Verdict = 'passed' | 'passed with warnings' | 'failed'

/** A report as data: what the JSON form holds, and what the other forms show. Nothing in it depends on when or where it was made. */
export type Report = {
  readonly schema: 'ballast.proposalReport'
  readonly version: 1
  readonly verdict: Verdict
  readonly title: string
  /** Decimal. */
  readonly id: string
  readonly chainId: number
  readonly governor: string
  /** State at the pinned block; `draft` when it was not submitted. */
  readonly state: string
  readonly pinned: { readonly block: string; readonly hash: string; readonly time: string; readonly unix: number }
  readonly description: string
  readonly actions: readonly { readonly text: string; readonly target: string; readonly value: string; readonly data: string }[]
  readonly changes: readonly ChangeRow[]
  readonly checks: readonly CheckResult[]
  readonly steps: readonly { readonly step: string; readonly by: string; readonly time: string; readonly gasUsed: string }[]
  readonly events: readonly SimulatedEvent[]
  /** One line per call, indented by depth. */
  readonly calls: readonly string[]
  readonly codeHashes: readonly { readonly target: string; readonly codeHash: string }[]
  readonly risk: RiskAssessment
}

/** What an examination found, for every form of the report. */
export function buildReport({ deployment, proposal, calls, state, simulation, checks, risk }: Examination): Report {
  const [before, after] = [simulation.before[0]?.state ?? state, simulation.after[0]?.state ?? state]
  return {
    schema: 'ballast.proposalReport',
    version: 1,
    verdict: verdictOf(checks),
    title: titleOf(proposal),
    id: proposal.id.toString(),
    chainId: deployment.chainId,
    governor: deployment.contracts.governor ?? '',
    state: simulation.from,
    pinned: {
      block: simulation.pinned.block.toString(),
      hash: simulation.pinned.hash,
      time: iso(simulation.pinned.time),
      unix: simulation.pinned.time,
    },
    description: proposal.description,
    actions: calls.map((call) => ({ text: describeCall(call), target: call.target, value: call.value.toString(), data: call.data })),
    changes: simulation.changes.map((change) => describeChange(change, before, after)),
    checks,
    steps: simulation.steps.map(({ step, by, time, gasUsed }) => ({ step, by, time: iso(time), gasUsed: gasUsed.toString() })),
    events: simulation.events,
    calls: simulation.calls === null ? [] : callLines(simulation.calls, 0),
    codeHashes: simulation.codeHashes,
    risk,
  }
}

/** The report as JSON with stable keys and two spaces. */
export function reportJson(report: Report): string {
  return `${JSON.stringify(report as unknown as Json, null, 2)}\n`
}

/** Any error fails; else any warning is told. */
export function verdictOf(checks: readonly CheckResult[]): Verdict {
  if (checks.some(({ errors }) => errors.length > 0)) return 'failed'
  return checks.some(({ warnings }) => warnings.length > 0) ? 'passed with warnings' : 'passed'
}

const DEEPEST = 6

function callLines(node: CallNode, depth: number): string[] {
  const what = `${node.contract ?? node.target}.${node.functionName ?? node.selector}`
  const kind = node.type === 'CALL' ? '' : `${node.type.toLowerCase()} `
  const failed = node.error === null ? '' : `, failed: ${node.error}`
  const line = `${'  '.repeat(depth)}${kind}${what} (${node.gasUsed} gas${failed})`
  return [line, ...(depth >= DEEPEST ? [] : node.children.flatMap((child) => callLines(child, depth + 1)))]
}

const iso = (time: number): string => new Date(time * 1000).toISOString().replace('.000Z', 'Z')
