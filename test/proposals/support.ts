import { encodeFunctionData } from 'viem'
import { ballastTokenAbi } from '../../chain/generated/index.ts'
import { parseScopeId } from '../../chain/ids/index.ts'
import type { LocalChain } from '../../chain/local/index.ts'
import { sendCall } from '../../chain/write/index.ts'
import type { ScopeActivation } from '../../proposals/draft/index.ts'
import { passLocally, type VoteStep } from '../../proposals/lifecycle/index.ts'
import { draftRatification, type RatificationPlan } from '../../proposals/templates/index.ts'
import type { Address, Bps, Deployment, LaneSettings, ScopeId } from '../../risk/types/index.ts'
import { catalogue, firstRules, genesis, people } from '../chain/support.ts'

export const DAY = 86_400

export const laneSettings: LaneSettings = {
  heartbeatTimeout: 6 * 3600,
  deadManTimeout: 24 * 3600,
  flipWindow: 6 * 3600,
  shadowRounds: 24,
  canaryRounds: 6,
  breakerRejections: 5,
  impactAccountsLimit: 20,
  impactNotionalLimit: '1000000000000000000000000',
  impactMultipleBps: 20_000 as Bps,
  expiresAt: genesis + 200 * DAY,
}

/** The test catalogue's parameters for a market. */
export function activation(scope: ScopeId): ScopeActivation {
  parseScopeId(scope)
  return { scope, parameters: catalogue.parameters.map(({ id }) => ({ id, ...(firstRules[id] as (typeof firstRules)[string]) })) }
}

export const plan: RatificationPlan = {
  title: 'Ratify the ETH market',
  reasons: 'Ranges for the controller, as discussed.',
  guardian: { account: people.guardian.address, until: genesis + 180 * DAY },
  stewards: [people.steward.address],
  engines: { set: [people.engineA.address, people.engineB.address, people.engineC.address], threshold: 2 },
  scopes: [activation('market:ETH')],
  lanes: [{ scope: 'market:ETH', mode: 'live', settings: laneSettings }],
  proposer: people.alice.address,
}

/** Makes each holder's votes count: without delegation tokens do not vote. */
export async function delegateAll(local: LocalChain, deployment: Deployment): Promise<void> {
  const token = deployment.contracts.token as Address
  for (const holder of [people.alice, people.bob, people.carol]) {
    const data = encodeFunctionData({ abi: ballastTokenAbi, functionName: 'delegate', args: [holder.address] })
    await sendCall(local.client, local.wallet(holder), { to: token, data })
  }
  await local.mine((await local.time()) + 1)
}

/** Delegates and passes {plan}. */
export async function ratified(local: LocalChain, deployment: Deployment, chosen: RatificationPlan = plan): Promise<VoteStep[]> {
  await delegateAll(local, deployment)
  return passLocally({
    local,
    governor: deployment.contracts.governor as Address,
    proposer: people.alice,
    voters: [people.alice, people.bob],
    reason: 'ranges fit the crash of March 2020',
    drafts: draftRatification(deployment, catalogue, chosen),
  })
}
