import type { Catalogue } from '../../risk/types/index.ts'
import { specOf } from '../context/openCatalogue.ts'
import { formatCsv } from '../kit/csv.ts'
import { isoTime } from '../kit/time.ts'
import { humanValue } from '../kit/values.ts'
import type { ParameterWrite } from './foldParameters.ts'

const exportColumns = [
  'scope',
  'id',
  'index',
  'time_unix',
  'time_iso',
  'previous_raw',
  'value_raw',
  'value_human',
  'unit',
  'floor_raw',
  'ceiling_raw',
  'writer',
  'reason',
  'round',
  'block',
  'transaction',
]

/** Every write as CSV, in chain order. */
export function exportCsv(writes: readonly ParameterWrite[], catalogue: Catalogue): string {
  const rows = writes.map((write) => {
    const { unit } = specOf(catalogue, write.id)
    return [
      write.scope,
      write.id,
      String(write.index),
      String(write.time),
      isoTime(write.time),
      String(write.previous),
      String(write.value),
      humanValue(write.value, unit),
      unit,
      String(write.rule?.floor ?? ''),
      String(write.rule?.ceiling ?? ''),
      write.writer,
      write.reason,
      String(write.round),
      String(write.block),
      write.transaction,
    ]
  })
  return formatCsv(exportColumns, rows)
}
