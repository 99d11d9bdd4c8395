import { riskStewardsAbi } from '../../chain/generated/index.ts'
import { itemEntity, roundEntity, stewardActionEntity } from '../entities/index.ts'
import { defineHandlers } from './Handler.ts'
import { parameterName, scopeName } from './names.ts'
import { present } from './present.ts'

const nothing = {
  parameter: null,
  nonce: null,
  entry: null,
  guardian: null,
  impactNotional: null,
  impactAccounts: null,
  applied: null,
  rejected: null,
} as const

/** What stewards do outside rounds. */
export const stewards = defineHandlers('module', riskStewardsAbi, {
  EmergencyTightened(args, event, { rows }) {
    const scope = scopeName(args.scope)
    rows.insert(stewardActionEntity, event, {
      ...nothing,
      scope,
      link: event.link,
      kind: 'tighten',
      nonce: args.nonce,
      steward: args.steward,
      guardian: present(args.guardian),
      impactNotional: args.impactNotional,
      impactAccounts: args.impactAccounts,
      applied: args.applied,
      rejected: args.rejected,
    })
    // Its rejected items came before it, behind a round of the same transaction if there is one; their events do not say whose they are.
    const { transaction } = event
    const round = rows.last(roundEntity, { scope, transaction })?.position ?? -1
    for (const item of rows.find(itemEntity, { scope, number: args.nonce, emergency: false, kind: 'rejected', transaction }))
      if (item.position > round) rows.update(itemEntity, item.position, { emergency: true })
  },
  TighteningUndone(args, event, { rows }) {
    const key = { scope: scopeName(args.scope), parameter: parameterName(args.id) }
    const { link } = event
    const signers = { steward: present(args.steward), guardian: args.guardian }
    rows.insert(stewardActionEntity, event, { ...nothing, ...key, ...signers, link, kind: 'undo', entry: args.entry })
  },
  LooseningRestricted(args, event, { rows }) {
    const key = { scope: scopeName(args.scope), parameter: parameterName(args.id) }
    rows.insert(stewardActionEntity, event, { ...nothing, ...key, link: event.link, kind: 'restrict', steward: args.by })
  },
})
