import type { Catalogue, ParameterUnit } from '../../risk/types/index.ts'
import { specOf } from '../context/openCatalogue.ts'
import { reasonWords, writerWords } from '../evidence/words.ts'
import type { Colours } from '../kit/colours.ts'
import { formatTable } from '../kit/table.ts'
import { shortTime } from '../kit/time.ts'
import { humanAndRaw, humanValue, relativeChange } from '../kit/values.ts'
import type { ParameterView, ParameterWrite } from './foldParameters.ts'

/** All parameters, a line each. */
export function listText(views: readonly ParameterView[], catalogue: Catalogue, colours: Colours): string {
  const rows = views.map((view) => {
    const { unit } = specOf(catalogue, view.id)
    const { value, effective, rule, pending, last } = view
    return [
      view.scope,
      view.id,
      humanAndRaw(value, unit),
      effective === null || effective === value ? '' : humanValue(effective, unit),
      `${humanValue(rule.floor, unit)} .. ${humanValue(rule.ceiling, unit)}`,
      pending === null ? '' : `${humanValue(pending.target, unit)} from ${shortTime(pending.eta)}`,
      `${shortTime(last.time)} ${last.writer}`,
    ]
  })
  const columns = ['scope', 'parameter', 'value (stored)', 'effective', 'range', 'pending loosening', 'last write, UTC'].map((title) => ({
    title,
  }))
  return formatTable(columns, rows, colours.dim)
}

/** One parameter with its rule in words. */
export function getText(view: ParameterView, catalogue: Catalogue, colours: Colours): string {
  const { unit, description, direction, class: kind, group } = specOf(catalogue, view.id)
  const { rule } = view
  const rows: (readonly [string, string])[] = [
    ['value', humanAndRaw(view.value, unit)],
    ...(view.effective === null ? [] : [['effective', humanAndRaw(view.effective, unit)] as const]),
    ['range', `${humanAndRaw(rule.floor, unit)} to ${humanAndRaw(rule.ceiling, unit)}`],
    ['baseline', humanAndRaw(rule.baseline, unit)],
    ['tightens', direction === 'twoSided' ? 'two-sided: both ways are slow' : direction],
    ['class, group', `${kind}, ${group}`],
    [
      'tighten',
      `at most ${rule.tightenStepBps / 100} % a step, every ${rule.tightenCooldown} min, ${rule.tightenBudgetBps / 100} % in 24 h`,
    ],
    [
      'loosen',
      `at most ${rule.loosenStepBps / 100} % a step, ${rule.loosenCooldown} min after any write, ${rule.loosenBudgetBps / 100} % in ${rule.loosenWindow} h, veto window ${rule.vetoHours} h`,
    ],
    ...(rule.rampPerHour === 0 ? [] : [['ramp', `${humanValue(rule.rampPerHour, unit)} per hour`] as const]),
    ['pending', view.pending === null ? 'nothing' : `${humanAndRaw(view.pending.target, unit)} from ${shortTime(view.pending.eta)} UTC`],
    [
      'last write',
      `${shortTime(view.last.time)} UTC by ${writerWords(view.last.writer)}, ${reasonWords(view.last.reason)} (block ${view.last.block})`,
    ],
    ['writes', String(view.entries)],
  ]
  return [
    colours.strong(`${view.id} of ${view.scope}`),
    description,
    '',
    ...rows.map(([name, text]) => `  ${colours.dim(name.padEnd(12))} ${text}`),
  ].join('\n')
}

/** Every write of one parameter, a line each. */
export function historyText(writes: readonly ParameterWrite[], unit: ParameterUnit, colours: Colours): string {
  if (writes.length === 0) return 'No write in this window.'
  const rows = writes.map((write) => [
    String(write.index),
    shortTime(write.time),
    humanAndRaw(write.previous, unit),
    humanAndRaw(write.value, unit),
    write.index === 0 ? '' : relativeChange(write.previous, write.value),
    `${writerWords(write.writer)}, ${reasonWords(write.reason)}`,
    write.round === 0 ? '' : String(write.round),
    String(write.block),
  ])
  const columns = ['#', 'time, UTC', 'from', 'to', 'change', 'by', 'round', 'block'].map((title) => ({ title }))
  return formatTable(columns, rows, colours.dim)
}
