import { ballastTokenAbi } from '../../chain/generated/index.ts'
import { delegateEntity, delegationEntity } from '../entities/index.ts'
import { defineHandlers } from './Handler.ts'

/** Who delegates to whom, and the votes that follow. */
export const delegations = defineHandlers('token', ballastTokenAbi, {
  DelegateChanged({ delegator, toDelegate: delegate }, event, { rows }) {
    const known = rows.last(delegationEntity, { delegator })
    if (known !== undefined) rows.update(delegationEntity, known.position, { delegate, since: event.time })
    else rows.insert(delegationEntity, event, { delegator, delegate, since: event.time })
  },
  DelegateVotesChanged({ delegate, newVotes: votes }, event, { rows }) {
    const known = rows.last(delegateEntity, { delegate })
    if (known !== undefined) rows.update(delegateEntity, known.position, { votes, changedAt: event.time })
    else rows.insert(delegateEntity, event, { delegate, votes, changedAt: event.time })
  },
})
