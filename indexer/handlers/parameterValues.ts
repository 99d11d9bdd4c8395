import { decodeValue } from '../../chain/codec/index.ts'
import { riskParametersAbi } from '../../chain/generated/index.ts'
import { fromCode } from '../../chain/ids/index.ts'
import { reasons, rejections, writers } from '../../risk/types/index.ts'
import { itemEntity, parameterChangeEntity, parameterEntity, scopeEntity } from '../entities/index.ts'
import { closeLoosening } from './closeLoosening.ts'
import { defineHandlers } from './Handler.ts'
import { parameterName, scopeName } from './names.ts'

/** Values, and what became of the items of rounds. */
export const parameterValues = defineHandlers('store', riskParametersAbi, {
  ParameterUpdated(args, event, context) {
    const { rows } = context
    const key = { scope: scopeName(args.scope), parameter: parameterName(args.id) }
    const value = decodeValue(args.value)
    const previous = decodeValue(args.previous)
    const [writer, reason] = [fromCode(writers, args.writer), fromCode(reasons, args.reason)]
    const { round, caller } = args
    // The rule is set before the first value.
    const parameter = rows.last(parameterEntity, key)
    if (parameter === undefined) throw new TypeError(`${key.scope} ${key.parameter} was written before any rule.`)
    rows.insert(parameterChangeEntity, event, {
      ...key,
      link: event.link,
      number: parameter.changes,
      previous,
      value,
      writer,
      reason,
      round,
      caller,
    })
    rows.update(parameterEntity, parameter.position, {
      value,
      writer,
      reason,
      round,
      changes: parameter.changes + 1,
      changedAt: event.time,
      changedBlock: event.block,
    })
    closeLoosening(context, key, event, reason === 'loosening' ? 'executed' : 'overwritten', caller)
    if (reason === 'round' || reason === 'emergency')
      rows.insert(itemEntity, event, {
        ...key,
        link: event.link,
        number: round,
        emergency: reason === 'emergency',
        kind: 'applied',
        current: previous,
        proposed: args.value,
        code: null,
        limit: null,
      })
  },
  ItemRejected(args, event, { rows }) {
    rows.insert(itemEntity, event, {
      scope: scopeName(args.scope),
      parameter: parameterName(args.id),
      link: event.link,
      number: args.round,
      // Who sent it follows in the same transaction: an emergency tightening says so.
      emergency: false,
      kind: 'rejected',
      current: decodeValue(args.current),
      proposed: args.proposed,
      code: fromCode(rejections, args.code),
      limit: args.limit,
    })
  },
  ItemShadowed(args, event, { rows }) {
    rows.insert(itemEntity, event, {
      scope: scopeName(args.scope),
      parameter: parameterName(args.id),
      link: event.link,
      number: args.round,
      emergency: false,
      kind: 'shadowed',
      current: decodeValue(args.current),
      proposed: args.proposed,
      code: null,
      limit: null,
    })
  },
  ScopeImported(args, event, { rows }) {
    const { predecessor, head, count } = args
    const scope = scopeName(args.scope)
    // Its activation follows in the same transaction and names the caller.
    rows.insert(scopeEntity, event, {
      scope,
      caller: event.emitter,
      predecessor,
      predecessorHead: head,
      predecessorLinks: count,
    })
  },
  ScopeActivated({ scope: bytes, caller }, event, { rows }) {
    const scope = scopeName(bytes)
    const imported = rows.last(scopeEntity, { scope })
    if (imported !== undefined) rows.update(scopeEntity, imported.position, { caller })
    else rows.insert(scopeEntity, event, { scope, caller, predecessor: null, predecessorHead: null, predecessorLinks: null })
  },
})
