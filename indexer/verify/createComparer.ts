import type { IndexList } from '../../chain/index-client/index.ts'
import type { Comparison, IndexFinding } from './VerifyContext.ts'

export type Comparer = {
  /** Compares fields of one row; values are equal when their JSON is. */
  readonly row: (
    list: IndexList | 'status',
    row: string,
    index: Readonly<Record<string, unknown>> | undefined,
    chain: Readonly<Record<string, unknown>>,
  ) => void
  readonly result: () => Comparison
}

/** Collects differences. A row that the index does not have is a difference in every field. */
export function createComparer(): Comparer {
  const findings: IndexFinding[] = []
  let compared = 0
  return {
    row(list, row, index, chain) {
      for (const [field, expected] of Object.entries(chain)) {
        compared += 1
        const got = index === undefined ? 'no row' : show(index[field])
        if (got !== show(expected)) findings.push({ list, row, field, index: got, chain: show(expected) })
      }
    },
    result: () => ({ compared, findings }),
  }
}

/** Text of a value with sorted keys; big integers as the index writes them. */
function show(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) => {
      if (typeof inner === 'bigint') return String(inner)
      if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
      return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
    }) ?? 'absent'
  )
}
