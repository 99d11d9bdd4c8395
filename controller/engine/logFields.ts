import type { RoundRecord } from '../../risk/types/index.ts'

/** What a log line says of a round. */
export function createLogFields({ scope, observedAt, stage, decision, digest, adjustment }: RoundRecord): object {
  return { scope, observedAt, stage, decision, round: adjustment?.round ?? null, digest }
}
