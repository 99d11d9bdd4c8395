import { decodeValue } from '../../chain/codec/index.ts'
import { riskParametersAbi } from '../../chain/generated/index.ts'
import { engineSetEntity, itemEntity, looseningEntity, parameterEntity, roundEntity } from '../entities/index.ts'
import { closeLoosening, isExpired } from './closeLoosening.ts'
import { defineHandlers } from './Handler.ts'
import { parameterName, scopeName } from './names.ts'

/** Loosenings that wait, and how they stop waiting. */
export const loosenings = defineHandlers('store', riskParametersAbi, {
  LooseningPended(args, event, context) {
    const { rows } = context
    const key = { scope: scopeName(args.scope), parameter: parameterName(args.id) }
    const before = closeLoosening(context, key, event, 'replaced', null)
    // A target that is no looser keeps the window of the one it replaces, which shows as the same end.
    const keeps = before !== undefined && !isExpired(before, event.time) && before.eta === args.eta && before.expiry === args.expiry
    const current = decodeValue(args.current)
    rows.insert(looseningEntity, event, {
      ...key,
      link: event.link,
      round: args.round,
      epoch: rows.last(engineSetEntity, {})?.epoch ?? 0,
      current,
      target: decodeValue(args.target),
      createdAt: keeps ? before.createdAt : event.time,
      eta: args.eta,
      expiry: args.expiry,
      status: 'pending',
      closedAt: null,
      closedBy: null,
    })
    rows.insert(itemEntity, event, {
      ...key,
      link: event.link,
      number: args.round,
      emergency: false,
      kind: 'pended',
      current,
      proposed: args.target,
      code: null,
      limit: null,
    })
  },
  LooseningVoided(args, event, context) {
    const { rows } = context
    const key = { scope: scopeName(args.scope), parameter: parameterName(args.id) }
    const closed = closeLoosening(context, key, event, args.vetoed ? 'vetoed' : 'voided', args.by)
    if (!args.vetoed) return
    const parameter = rows.last(parameterEntity, key)
    if (parameter !== undefined) rows.update(parameterEntity, parameter.position, { vetoedUntil: args.vetoedUntil })
    const round = closed && rows.last(roundEntity, { scope: key.scope, round: closed.round })
    if (round !== undefined) rows.update(roundEntity, round.position, { vetoed: round.vetoed + 1 })
  },
})
