import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Action, Address, ProposalDraft } from '../../risk/types/index.ts'

export type DraftInput = {
  readonly title: string
  /** Markdown under the title: why, evidence, risks. */
  readonly body: string
  readonly actions: readonly Action[]
  /** Only this account can submit the draft: nobody can take its id by submitting it first. */
  readonly proposer?: Address
}

/**
 * A proposal before it is submitted. The description is `# Title`, the body, the list of actions, and the proposer's guard; its bytes are part
 * of the proposal's id.
 *
 * @throws {InvalidInputError} No title, more than one line of it, or no action.
 */
export function draftProposal({ title, body, actions, proposer }: DraftInput): ProposalDraft {
  if (title.trim() === '' || title.includes('\n')) throw new InvalidInputError({ argument: 'title', got: title, limit: 'one line of text' })
  if (actions.length === 0) throw new InvalidInputError({ argument: 'actions', got: 'none', limit: 'at least one call' })
  const list = actions.map(({ summary }, i) => `${i + 1}. ${summary}`).join('\n')
  const guard = proposer === undefined ? [] : [`#proposer=${proposer}`]
  const description = [`# ${title}`, body.trim(), `## Actions\n\n${list}`, ...guard].filter((part) => part !== '').join('\n\n')
  return { schema: 'ballast.draft', version: 1, title, description, actions }
}
