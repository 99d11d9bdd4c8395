import type { HoldReason, Reason, Rejection, Writer } from '../../risk/types/index.ts'
import { humanUsd, significant } from '../kit/values.ts'
import type { ExplainedTerm } from './Explanation.ts'

/** Who wrote a value, in words. */
export function writerWords(writer: Writer): string {
  const words: Readonly<Record<Writer, string>> = {
    governance: 'governance',
    controller: 'the controller',
    steward: 'a risk steward',
    deadman: 'the dead-man walk',
    undo: 'an undo of steward and guardian',
  }
  return words[writer]
}

/** Why a history entry exists, in words. */
export function reasonWords(reason: Reason): string {
  const words: Readonly<Record<Reason, string>> = {
    activation: 'when the scope was activated',
    governance: 'by a vote',
    ruleBound: 'to the bound of a new rule',
    round: 'in a signed round',
    loosening: 'by a loosening that waited for its veto window',
    emergency: 'in an emergency',
    deadman: 'after a long silence',
    undo: 'to repair a tightening',
    import: 'from a predecessor store',
  }
  return words[reason]
}

/** Why a parameter was left as it is, in words. */
export function holdWords(reason: HoldReason): string {
  const words: Readonly<Record<HoldReason, string>> = {
    inputUnavailable: 'an input is absent',
    hysteresis: 'target too close to the value',
    cooldown: 'cooldown',
    budget: 'budget used up',
    pending: 'a loosening is pending',
    mode: 'the lane does not allow it',
    vetoed: 'vetoed',
    joint: 'a joint invariant',
    group: 'another member of its group',
    governance: 'governance alone may move it',
    atBound: 'at its bound',
    stale: 'stale data',
  }
  return words[reason]
}

/** Why the store did not apply an item, in words. */
export function rejectionWords(code: Rejection): string {
  const words: Readonly<Record<Rejection, string>> = {
    none: 'none',
    expected: 'the live value was another one',
    round: 'another item saw another live value',
    unknownId: 'unknown parameter',
    equal: 'equal to the live value',
    floor: 'below the floor',
    ceiling: 'above the ceiling',
    step: 'step too large',
    cooldown: 'cooldown',
    budget: 'budget used up',
    class: 'its class does not allow it',
    mode: 'the lane does not allow it',
    vetoed: 'vetoed',
    mixedGroup: 'its group moves both ways',
    group: 'another member of its group',
    joint: 'a joint invariant',
  }
  return words[code]
}

/** A term with its unit: fractions as percent, dollars grouped. */
export function termValue({ value, unit }: Pick<ExplainedTerm, 'value' | 'unit'>): string {
  if (unit.startsWith('fraction')) return `${significant(value * 100)} %${unit.slice('fraction'.length)}`
  if (unit === 'per year') return `${significant(value * 100)} % per year`
  if (unit.toLowerCase() === 'usd') return humanUsd(value)
  return unit === '' ? significant(value) : `${significant(value)} ${unit}`
}
