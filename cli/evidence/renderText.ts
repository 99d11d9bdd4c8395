import type { Colours } from '../kit/colours.ts'
import { formatTable } from '../kit/table.ts'
import { shortTime } from '../kit/time.ts'
import { humanAndRaw, humanUsd, humanValue, relativeChange, significant } from '../kit/values.ts'
import type { Explanation } from './Explanation.ts'
import { comparisonCaveat, comparisonRows, type StaticComparison } from './StaticComparison.ts'
import type { Step } from './Step.ts'
import { reasonWords, termValue, writerWords } from './words.ts'

/** The explain screen for a terminal: the answer, the chain of evidence, the comparison. */
export function renderExplanationText(explanation: Explanation, colours: Colours): string {
  const { id, scope, unit, value, previous, entry, steps } = explanation
  const change = previous === null ? '' : `, before ${humanAndRaw(previous, unit)}, ${relativeChange(previous, value)}`
  const failed = steps.filter((step) => step.status === 'failed').length
  const checked = steps.filter((step) => step.status === 'verified').length
  const verdict = explanation.verified
    ? colours.good(`✓ ${checked} of ${checked} steps recomputed here and verified`)
    : colours.bad(
        `✗ ${failed} ${failed === 1 ? 'step' : 'steps'} failed, ${checked} verified, ${steps.filter((step) => step.status === 'blocked').length} not claimed`,
      )
  return [
    colours.strong(`Why ${id} of ${scope} was ${humanAndRaw(value, unit)} at ${shortTime(explanation.at)} UTC`),
    `${explanation.description}`,
    `In force since ${shortTime(entry.time)} UTC${change}. Range ${humanValue(explanation.floor, unit)} to ${humanValue(explanation.ceiling, unit)}.`,
    `Written by ${writerWords(entry.writer)}, ${reasonWords(entry.reason)}.`,
    ...(explanation.synthetic.length === 0 ? [] : [colours.warn(`Synthetic input: ${explanation.synthetic.join(', ')}.`)]),
    '',
    ...steps.flatMap((step, i) => [...stepLines(step, i + 1, colours), '']),
    ...(explanation.policy === null ? [] : [...policyLines(explanation, colours), '']),
    verdict,
    ...(explanation.against === null ? [] : ['', comparisonText(explanation.against, colours)]),
  ].join('\n')
}

const indent = '       '

/** One step of the evidence: what it says, how it was recomputed, and where it failed what was expected. */
export function stepLines(step: Step, number: number, colours: Colours): string[] {
  const head = `${mark(step, colours)} ${String(number).padStart(2)}  ${colours.strong(step.title.padEnd(22))}${step.says}`
  if (step.status === 'absent') return [head]
  const facts = step.facts.map(({ name, value }) => `${indent}${colours.dim(`${name}:`)} ${value}`)
  const result =
    step.status === 'failed'
      ? [`${indent}${colours.bad('expected')} ${step.expected}`, `${indent}${colours.bad('got     ')} ${step.got}`]
      : step.status === 'blocked'
        ? [`${indent}${colours.warn(`not claimed: it rests on ${step.blockedBy.join(', ')}`)}`]
        : []
  return [head, ...facts, `${indent}${colours.dim(step.how)}`, ...result]
}

function mark(step: Step, colours: Colours): string {
  switch (step.status) {
    case 'verified':
      return colours.good('✓')
    case 'failed':
      return colours.bad('✗')
    case 'blocked':
      return colours.warn('?')
    case 'absent':
      return colours.dim('-')
  }
}

function policyLines({ policy, unit }: Explanation, colours: Colours): string[] {
  if (policy === null) return []
  const rows = policy.terms.map((term) => [term.name, termValue(term)])
  const clips = policy.clips.map(
    (clip) =>
      `${indent}${clip.bound}: ${humanAndRaw(clip.from, unit)} became ${humanAndRaw(clip.to, unit)} (limit ${significant(clip.limit)})`,
  )
  return [
    colours.strong('From signals to the number'),
    formatTable([{ title: 'term' }, { title: 'value', align: 'right' }], rows, colours.dim)
      .split('\n')
      .map((line) => indent + line)
      .join('\n'),
    `${indent}target   ${policy.target === null ? 'none: an input is absent' : humanAndRaw(policy.target, unit)}`,
    ...(clips.length === 0 ? [`${indent}no clip`] : clips),
    `${indent}proposed ${humanAndRaw(policy.proposed, unit)}`,
    ...(policy.flags.length === 0 ? [] : [`${indent}flags    ${policy.flags.join(', ')}`]),
  ]
}

/** The controller against frozen defaults, as a table with its caveat. */
export function comparisonText(comparison: StaticComparison, colours: Colours): string {
  const rows = comparisonRows(comparison, humanUsd).map((row) => [...row])
  return [
    colours.strong(
      `The same ${comparison.accounts} accounts under static defaults, ${shortTime(comparison.from)} to ${shortTime(comparison.to)} UTC`,
    ),
    colours.warn(comparisonCaveat),
    formatTable([{ title: '' }, { title: 'controller', align: 'right' }, { title: 'static', align: 'right' }], rows, colours.dim),
  ].join('\n')
}
