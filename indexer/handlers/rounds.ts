import { controllerMandateAbi } from '../../chain/generated/index.ts'
import { itemEntity, laneEntity, roundEntity, type roundOutcomes } from '../entities/index.ts'
import { defineHandlers } from './Handler.ts'
import { scopeName } from './names.ts'
import { present } from './present.ts'

/** Rounds that the mandate accepted. Their items come before them in the same transaction. */
export const rounds = defineHandlers('module', controllerMandateAbi, {
  RoundAccepted(args, event, { rows }) {
    const scope = scopeName(args.scope)
    // Counts of the event leave out what a shadow round would have moved.
    const shadowed = rows.count(itemEntity, { scope, number: args.round, kind: 'shadowed', transaction: event.transaction })
    const lane = rows.last(laneEntity, { scope })
    rows.insert(roundEntity, event, {
      scope,
      link: event.link,
      round: args.round,
      epoch: args.epoch,
      observedAt: args.observedAt,
      outcome: outcomeOf(args, shadowed),
      applied: args.applied,
      pended: args.pended,
      rejected: args.rejected,
      vetoed: 0,
      impactNotional: args.impactNotional,
      impactAccounts: args.impactAccounts,
      digest: args.digest,
      snapshot: args.snapshot,
      engine: args.engine,
      configuration: args.configuration,
      report: args.report,
      submitter: args.submitter,
      cosigner: present(args.cosigner),
    })
    if (lane !== undefined)
      rows.update(laneEntity, lane.position, { round: args.round, observedAt: args.observedAt, heartbeatAt: event.time })
  },
})

type Counts = { readonly applied: number; readonly pended: number; readonly rejected: number }

function outcomeOf({ applied, pended, rejected }: Counts, shadowed: number): (typeof roundOutcomes)[number] {
  if (shadowed > 0) return 'shadowed'
  if (applied + pended + rejected === 0) return 'held'
  if (applied + pended === 0) return 'rejected'
  if (rejected > 0) return 'mixed'
  return applied > 0 ? 'applied' : 'pended'
}
