import type { ProposalState } from '../../chain/ids/index.ts'
import { BallastError } from '../../risk/errors/index.ts'
import type { UnixSeconds } from '../../risk/types/index.ts'

/** A proposal is not in the state that an act needs; `readyAt` says when it may be, null when never or unknown. */
export class ProposalStateError extends BallastError {
  override readonly name = 'ProposalStateError'
  readonly context: {
    readonly act: string
    readonly id: bigint
    readonly state: ProposalState
    readonly needed: readonly ProposalState[]
    readonly readyAt: UnixSeconds | null
  }
  constructor(context: ProposalStateError['context'], options?: ErrorOptions) {
    const when =
      context.readyAt === null ? '' : ` It may be from ${new Date(context.readyAt * 1000).toISOString().replace('.000Z', 'Z')} on.`
    super(`Cannot ${context.act} proposal ${context.id}: it is ${context.state}, not ${context.needed.join(' or ')}.${when}`, options)
    this.context = context
  }
}
