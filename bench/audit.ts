import { auditChain } from '../cli/audit/auditChain.ts'
import { writeHistory } from '../test/cli/audit/writeHistory.ts'
import type { BenchRow } from './BenchRow.ts'

const LIMIT = 60

/** `audit verify` of a history of 100,000 entries: rounds of three tightenings with two signatures, an hour apart. Reading them from a node is not part of it. */
export async function benchAudit(entries = 100_000): Promise<BenchRow[]> {
  const log = await writeHistory(Math.ceil(entries / 3))
  const began = performance.now()
  const audit = await auditChain(log)
  const seconds = (performance.now() - began) / 1_000
  if (!audit.ok) throw new Error(`the history does not verify: ${JSON.stringify(audit.faults[0])}`)
  return [
    {
      name: `audit verify, ${log.entries.length.toLocaleString('en-US')} entries, ${audit.signatures.toLocaleString('en-US')} signatures`,
      value: seconds,
      unit: 's',
      reference: `limit ${LIMIT} s`,
      ratio: seconds / LIMIT,
    },
  ]
}
