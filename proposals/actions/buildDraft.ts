import { getAddress } from 'viem'
import { BallastError } from '../../risk/errors/index.ts'
import type { Address, ProposalDraft } from '../../risk/types/index.ts'
import { buildConditions, type CodeCondition } from '../conditions/index.ts'
import { draftProposal } from '../draft/draftProposal.ts'
import type { ParsedDraft } from '../draft/parseDraft.ts'
import { DraftError, type DraftProblem } from '../errors/index.ts'
import type { BuildContext } from './BuildContext.ts'
import type { BuiltAction } from './BuiltAction.ts'
import { buildAction } from './buildAction.ts'
import { buildCondition } from './buildCall.ts'

/** A draft as calls, and what its writer says of them. */
export type BuiltDraft = {
  readonly draft: ProposalDraft
  readonly proposer: Address | null
} & Pick<BuiltAction, 'effects' | 'contracts' | 'successors'>

/**
 * The proposal that a draft file describes: its calls, then the post-conditions as the last one.
 *
 * @throws {DraftError} With every problem, at its line.
 */
export async function buildDraft(parsed: ParsedDraft, context: BuildContext): Promise<BuiltDraft> {
  const { content, problemAt, name } = parsed
  const problems: DraftProblem[] = []
  const built: BuiltAction[] = []
  for (const [i, action] of content.actions.entries()) {
    await collect(problems, ['actions', i], problemAt, async () => {
      built.push(await buildAction(action, context, (path, problem) => problems.push(problemAt(['actions', i, ...path], problem))))
    })
  }
  const readings = built.flatMap((each) => each.readings)
  for (const [i, condition] of (content.conditions ?? []).entries())
    await collect(problems, ['conditions', i], problemAt, () => void readings.push(buildCondition(condition)))
  const actions = built.flatMap((each) => each.actions)
  if (actions.length === 0 && problems.length === 0) problems.push(problemAt(['actions'], 'nothing would be done'))
  if (problems.length > 0) throw new DraftError({ file: name, problems })
  const pins = await pinsOf(
    [...actions.map(({ target }) => target)],
    built.flatMap((each) => each.pins),
    context,
  )
  const proposer = content.proposer === undefined ? null : getAddress(content.proposer)
  return {
    draft: draftProposal({
      title: content.title,
      body: content.why,
      actions: [...actions, buildConditions(context.postConditions, readings, pins)],
      ...(proposer !== null && { proposer }),
    }),
    proposer,
    effects: Object.assign({}, ...built.map(({ effects }) => effects)) as Readonly<Record<string, string>>,
    contracts: built.flatMap(({ contracts }) => contracts),
    successors: built.flatMap(({ successors }) => successors),
  }
}

async function collect(
  problems: DraftProblem[],
  path: readonly (string | number)[],
  problemAt: ParsedDraft['problemAt'],
  act: () => Promise<void> | void,
): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof BallastError)) throw error
    problems.push(problemAt(path, error.message.replace(/\.$/, '')))
  }
}

/** The code of every target, once: what the voters read is what must run. */
async function pinsOf(
  targets: readonly Address[],
  given: readonly CodeCondition[],
  { codeHashOf }: BuildContext,
): Promise<CodeCondition[]> {
  const pins = new Map(given.map((pin) => [pin.target, pin.codeHash]))
  for (const target of targets) if (!pins.has(target)) pins.set(target, await codeHashOf(target))
  return [...pins].map(([target, codeHash]) => ({ target, codeHash }))
}
