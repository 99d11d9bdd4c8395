import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { keccak256, zeroHash } from 'viem'
import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import { parseDeployment } from '../../chain/deploy/index.ts'
import { withChainErrors } from '../../chain/errors/index.ts'
import { readBlock } from '../../chain/read/index.ts'
import { type BuildContext, type BuiltDraft, buildDraft } from '../../proposals/actions/index.ts'
import { type PostConditionsContract, readPostConditions } from '../../proposals/conditions/index.ts'
import { parseDraft } from '../../proposals/draft/index.ts'
import type { EncodedProposal } from '../../proposals/encode/index.ts'
import { type Examination, examineProposal, readSubject, type Subject } from '../../proposals/pipeline/index.ts'
import { readProtocolState } from '../../proposals/state/index.ts'
import { parseMarket } from '../../risk/catalogue/index.ts'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Address, Catalogue } from '../../risk/types/index.ts'
import { findClearing } from '../context/findClearing.ts'
import { openCatalogue } from '../context/openCatalogue.ts'
import { type Node, openNode } from '../context/openNode.ts'
import { projectRoot } from '../context/projectRoot.ts'
import { CliError, notFoundError, usageError } from '../kit/CliError.ts'
import { createProgress } from '../kit/createProgress.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import type { BlockOption, ChainOptions } from '../kit/options.ts'
import { type EvidenceOptions, openRiskEvidence } from './openRiskEvidence.ts'

/** A node with a Governor of its own, and what drafts are built with. */
export type ProposalNode = Node & {
  readonly governor: Address
  readonly token: Address
  /** Clearing on top of the protocol; null where no file of addresses is found. */
  readonly clearing: ClearingDeployment | null
  readonly catalogue: Catalogue
  readonly postConditions: PostConditionsContract
}

export type ProposalOptions = ChainOptions & { readonly clearing?: string }
export type ExamineOptions = ProposalOptions & BlockOption & EvidenceOptions & { readonly from?: string }

/** @throws {CliError} The deployment has no Governor of its own. */
export async function openProposals(options: ProposalOptions, context: CommandContext): Promise<ProposalNode> {
  const node = await openNode(options, context)
  const { governor, token } = node.deployment.contracts
  if (governor === null || token === null)
    throw new CliError(
      'failure',
      'This deployment has no Governor of its own.',
      'Its owner is a Safe or a foreign timelock: propose there.',
    )
  const beside = options.deployment === undefined ? [] : [dirname(resolve(context.terminal.folder, options.deployment))]
  return {
    ...node,
    governor,
    token,
    clearing: findClearing(options, node.chainId, context),
    catalogue: openCatalogue(node.deployment, beside),
    postConditions: readPostConditions(join(projectRoot, 'artifacts')),
  }
}

/** What the argument of a command names: a draft file, or the id of a submitted proposal. */
export type Named = { readonly kind: 'draft'; readonly file: string } | { readonly kind: 'id'; readonly id: bigint }

/** @throws {CliError} It is neither a file nor an id. */
export function nameOf(argument: string | undefined, { terminal }: Pick<CommandContext, 'terminal'>): Named {
  if (argument === undefined) throw usageError('No proposal is named.', 'Give a draft file, or the id of a submitted proposal.')
  if (/^\d{1,78}$/.test(argument)) return { kind: 'id', id: BigInt(argument) }
  if (/^0x[0-9a-fA-F]{64}$/.test(argument)) return { kind: 'id', id: BigInt(argument) }
  const path = resolve(terminal.folder, argument)
  const file = existsSync(join(path, 'draft.yaml')) ? join(path, 'draft.yaml') : path
  if (!existsSync(file))
    throw notFoundError(`There is no file ${argument}.`, 'A proposal is named by its draft file, its folder, or its id.', {
      given: argument,
    })
  return { kind: 'draft', file }
}

/** The calls of a draft file, built against the chain as it stands. */
export async function openDraft(file: string, node: ProposalNode, block?: bigint): Promise<BuiltDraft> {
  const parsed = parseDraft(readFileSync(file, 'utf8'), file)
  return buildDraft(parsed, await buildContext(node, dirname(file), block))
}

/** What drafts are built against; files that a draft names are looked for beside it, then in the project. */
export async function buildContext(node: ProposalNode, folder: string, block?: bigint): Promise<BuildContext> {
  const { client, deployment, clearing, catalogue, postConditions } = node
  const find = (file: string): string => {
    const found = [resolve(folder, file), resolve(projectRoot, file)].find((path) => existsSync(path))
    if (found === undefined)
      throw new InvalidInputError({ argument: 'file', got: file, limit: 'one that exists beside the draft or in the project' })
    return found
  }
  const at = block === undefined ? {} : { blockNumber: block }
  return {
    deployment,
    clearing,
    catalogue,
    state: await readProtocolState(client, deployment, catalogue, { clearing, ...(block !== undefined && { block }) }),
    readContents: (file) => parseMarket(readJsonFile(find(file)), catalogue),
    readDeployment: (file) => parseDeployment(readJsonFile(find(file))),
    codeHashOf: async (address) => {
      const code = await withChainErrors(() => client.getCode({ address, ...at }))
      return code === undefined ? zeroHash : keccak256(code)
    },
    postConditions: postConditions.address,
  }
}

function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new InvalidInputError({ argument: 'file', got: file, limit: 'JSON' }, { cause })
  }
}

/** A proposal looked at from all sides, with progress on stderr. */
export async function examine(
  named: Named,
  options: ExamineOptions,
  node: ProposalNode,
  context: CommandContext,
): Promise<{ readonly examination: Examination; readonly built: BuiltDraft | null; readonly subject: Subject | null }> {
  const { client, url, deployment, clearing, catalogue, postConditions, governor } = node
  const built = named.kind === 'draft' ? await openDraft(named.file, node, options.block) : null
  const subject = named.kind === 'id' ? await readSubject(client, deployment, governor, named.id, options.block) : null
  const risk = openRiskEvidence(options, deployment, catalogue, context)
  const progress = createProgress(context, 'parts', PARTS)
  const seen = new Set<string>()
  try {
    const examination = await examineProposal({
      client,
      url,
      deployment,
      clearing,
      catalogue,
      postConditions,
      subject:
        built !== null ? { kind: 'draft', built } : { kind: 'submitted', proposal: (subject as Subject).proposal as EncodedProposal },
      block: options.block ?? subject?.block ?? (await readBlock(client)).number,
      evidence: risk.evidence,
      evidenceMissing: risk.missing,
      onPart: (part) => {
        context.signal.throwIfAborted()
        context.output.step(part)
        progress.tick(Math.min(PARTS - 1, seen.add(part).size))
      },
    })
    return { examination, built, subject }
  } finally {
    progress.end()
    risk.close()
  }
}

/** Steps of an examination with a replay, about: reading, four of the simulation, five of the portfolios, two runs of a crash. */
const PARTS = 72
