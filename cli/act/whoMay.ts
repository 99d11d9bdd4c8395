import { isoTime } from '../kit/time.ts'
import type { Authorities } from './readAuthorities.ts'

/** Who the guardian is, in a sentence. */
export function guardianSentence({ guardian, termEnd }: Pick<Authorities, 'guardian' | 'termEnd'>): string {
  return guardian === null
    ? `There is no guardian: the term ended at ${isoTime(termEnd)}. A vote appoints one: \`ballast proposal draft appoint-guardian\`.`
    : `The guardian is ${guardian} until ${isoTime(termEnd)}.`
}

/** Who the stewards are, in a sentence. */
export function stewardsSentence({ stewards }: Pick<Authorities, 'stewards'>): string {
  return stewards.length === 0 ? 'There is no steward.' : `Stewards are ${stewards.join(', ')}.`
}
