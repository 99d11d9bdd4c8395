import { keccak256, zeroHash } from 'viem'
import { applyDeployment, type DeploymentSettings } from '../../chain/deploy/index.ts'
import type { LocalChain } from '../../chain/local/index.ts'
import { type BuildContext, type BuiltDraft, buildDraft } from '../../proposals/actions/index.ts'
import { readPostConditions } from '../../proposals/conditions/index.ts'
import { buildDirectory } from '../../proposals/decode/index.ts'
import { parseDraft } from '../../proposals/draft/index.ts'
import { encodeProposal } from '../../proposals/encode/index.ts'
import { type Examination, examineProposal } from '../../proposals/pipeline/index.ts'
import type { RiskEvidence } from '../../proposals/risk/index.ts'
import { type Simulation, simulateProposal } from '../../proposals/simulate/index.ts'
import { readProtocolState } from '../../proposals/state/index.ts'
import { parseMarket } from '../../risk/catalogue/index.ts'
import type { Deployment } from '../../risk/types/index.ts'
import { artifacts, catalogue, people, settings, startChain } from '../chain/support.ts'
import { evidenceAt } from './riskSupport.ts'
import { activation, ratified } from './support.ts'

export const postConditions = readPostConditions(artifacts)

/** A chain with JSON-RPC, on which the market ETH was ratified, and a second deployment that could be its successor. */
export async function governedChain(): Promise<{ local: LocalChain; deployment: Deployment; successor: Deployment; url: string }> {
  const local = await startChain(0)
  const apply = async (chosen: DeploymentSettings): Promise<Deployment> =>
    (
      await applyDeployment({
        client: local.client,
        deployer: people.deployer,
        settings: chosen,
        artifacts,
        folder: null,
        confirmations: 1,
      })
    ).deployment
  const deployment = await apply(settings)
  await ratified(local, deployment)
  const { timelock: owner, governor, token } = deployment.contracts
  const successor = await apply({ ...settings, governance: { kind: 'existing', owner, governor, token } })
  return { local, deployment, successor, url: local.url ?? '' }
}

/** What drafts are built against, as the chain stands. */
export async function contextOf(local: LocalChain, deployment: Deployment, successor?: Deployment): Promise<BuildContext> {
  return {
    deployment,
    clearing: null,
    catalogue,
    state: await readProtocolState(local.client, deployment, catalogue),
    readContents: (file) =>
      parseMarket({ schema: 'ballast.market', version: 1, market: file, scopes: [activation(`market:${file}`)] }, catalogue),
    readDeployment: () => successor ?? deployment,
    codeHashOf: async (address) => {
      const code = await local.client.getCode({ address })
      return code === undefined ? zeroHash : keccak256(code)
    },
    postConditions: postConditions.address,
  }
}

export const built = async (text: string, context: BuildContext): Promise<BuiltDraft> => buildDraft(parseDraft(text, 'draft.yaml'), context)

/** A draft file around its actions. */
export const draftText = (actions: string, more = ''): string =>
  `schema: ballast.proposal\nversion: 1\ntitle: A change\nwhy: Because it is measured.\n${more}actions:\n${actions}`

export async function simulated(local: LocalChain, context: BuildContext, draft: BuiltDraft): Promise<Simulation> {
  const { deployment } = context
  return simulateProposal({
    url: local.url ?? '',
    deployment,
    clearing: context.clearing,
    successors: draft.successors,
    catalogue: context.catalogue,
    proposal: encodeProposal(draft.draft),
    directory: directoryOf(context, draft),
    postConditions,
    block: await local.client.getBlockNumber(),
  })
}

export const directoryOf = ({ deployment, clearing }: BuildContext, draft: BuiltDraft): ReturnType<typeof buildDirectory> =>
  buildDirectory(deployment, {
    postConditions: postConditions.address,
    successors: draft.successors,
    clearing,
    contracts: draft.contracts,
  })

/** A draft looked at from all sides; portfolios of three accounts unless `evidence` says otherwise. */
export async function examined(
  local: LocalChain,
  context: BuildContext,
  draft: BuiltDraft,
  evidence: readonly RiskEvidence[] = [evidenceAt(context.state.time)],
): Promise<Examination> {
  return examineProposal({
    client: local.client,
    url: local.url ?? '',
    deployment: context.deployment,
    clearing: context.clearing,
    catalogue: context.catalogue,
    postConditions,
    subject: { kind: 'draft', built: draft },
    block: await local.client.getBlockNumber(),
    evidence,
    evidenceMissing: 'No engine was asked.',
  })
}

/** Names of the checks that found an error. */
export const failedChecks = ({ checks }: Pick<Examination, 'checks'>): string[] =>
  checks.filter(({ errors }) => errors.length > 0).map(({ name }) => name)

/** The draft with other calls or another description, as somebody else might have made it. */
export function altered(draft: BuiltDraft, change: Partial<BuiltDraft['draft']>): BuiltDraft {
  return { ...draft, draft: { ...draft.draft, ...change } }
}
