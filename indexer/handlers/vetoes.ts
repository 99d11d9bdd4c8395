import { looseningVetoAbi } from '../../chain/generated/index.ts'
import { vetoEntity } from '../entities/index.ts'
import { defineHandlers } from './Handler.ts'
import { parameterName, scopeName } from './names.ts'

/** Votes against pending loosenings. What they bring about is an event of the store. */
export const vetoes = defineHandlers('module', looseningVetoAbi, {
  VetoCast({ scope, id, voter, createdAt, votes, total, threshold }, event, { rows }) {
    const key = { scope: scopeName(scope), parameter: parameterName(id) }
    rows.insert(vetoEntity, event, { ...key, link: event.link, voter, createdAt, votes, total, threshold })
  },
})
