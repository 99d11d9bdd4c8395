import type { Catalogue } from '../../risk/types/index.ts'
import { specOf } from '../context/openCatalogue.ts'
import type { Document } from '../kit/json.ts'
import { bothTimes } from '../kit/time.ts'
import { humanValue } from '../kit/values.ts'
import type { ParameterView, ParameterWrite } from './foldParameters.ts'

/** JSON form of a parameter at one time. */
export function viewDocument(view: ParameterView, catalogue: Catalogue): { readonly [key: string]: Document } {
  const { unit, description } = specOf(catalogue, view.id)
  const both = (raw: number): Document => ({ raw, human: humanValue(raw, unit) })
  return {
    scope: view.scope,
    id: view.id,
    description,
    unit,
    value: both(view.value),
    effective: view.effective === null ? null : both(view.effective),
    floor: both(view.rule.floor),
    ceiling: both(view.rule.ceiling),
    baseline: both(view.rule.baseline),
    pending: view.pending === null ? null : { target: both(view.pending.target), eta: bothTimes(view.pending.eta) },
    lastWrite: {
      time: bothTimes(view.last.time),
      writer: view.last.writer,
      reason: view.last.reason,
      round: view.last.round,
      block: view.last.block,
    },
    entries: view.entries,
  }
}

/** JSON form of one write. */
export function writeDocument(write: ParameterWrite, catalogue: Catalogue): { readonly [key: string]: Document } {
  const { unit } = specOf(catalogue, write.id)
  return {
    scope: write.scope,
    id: write.id,
    index: write.index,
    time: bothTimes(write.time),
    unit,
    previous: { raw: write.previous, human: humanValue(write.previous, unit) },
    value: { raw: write.value, human: humanValue(write.value, unit) },
    range: write.rule === null ? null : { floor: write.rule.floor, ceiling: write.rule.ceiling },
    writer: write.writer,
    reason: write.reason,
    round: write.round,
    block: write.block,
    transaction: write.transaction,
  }
}
