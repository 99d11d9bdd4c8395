import { join } from 'node:path'
import { encodeFunctionData } from 'viem'
import {
  applyClearing,
  applyDeployment,
  defaultClearingSettings,
  defaultGovernance,
  defaultProtocolSettings,
} from '../../chain/deploy/index.ts'
import { ballastTokenAbi } from '../../chain/generated/index.ts'
import { type LocalChain, startLocalChain } from '../../chain/local/index.ts'
import { sendCall } from '../../chain/write/index.ts'
import { createLocalSend } from '../../controller/world/createLocalSend.ts'
import { deployLocalMarkets, writeAnswers } from '../../controller/world/deployLocalMarkets.ts'
import { driveClearing, surfaceSigners } from '../../controller/world/driveClearing.ts'
import { listingActions } from '../../controller/world/listingActions.ts'
import type { ClearingChain } from '../../controller/world/openClearingChain.ts'
import { draftProposal } from '../../proposals/draft/index.ts'
import { passLocally, type VoteStep } from '../../proposals/lifecycle/index.ts'
import { draftRatification, type RatificationPlan } from '../../proposals/templates/index.ts'
import type { Address, Bps, Deployment, LaneSettings, UnixSeconds, Usd } from '../../risk/types/index.ts'
import { projectRoot } from '../context/projectRoot.ts'
import { CliError } from '../kit/CliError.ts'
import { isoTime } from '../kit/time.ts'
import type { MarketConfiguration } from './loadMarket.ts'
import { allKeys, type People, type Person } from './people.ts'

const day = 86_400
const deploys = { artifacts: join(projectRoot, 'artifacts'), folder: null, confirmations: 1 } as const
/** The vote needs nine days and an hour of chain time: delay, period, timelock. */
const daysOfGovernance = 10
const token = 10n ** 18n
/** Margin group of the market's accounts. */
export const group = 'group:MAIN'

export type SetUpOptions = {
  readonly configuration: MarketConfiguration
  readonly people: People
  /** First tick; governance happens in the ten days before. */
  readonly from: UnixSeconds
  readonly to: UnixSeconds
  /** Around which the market's feed begins. */
  readonly spot: Usd
  /** Port of the JSON-RPC server; 0 for any free one. */
  readonly port: number
  readonly say: (text: string) => void
}

export type RunningChain = {
  readonly local: LocalChain
  readonly url: string
  readonly deployment: Deployment
  readonly clearing: ClearingChain
  /** Key of prices, surfaces and ladders. */
  readonly desk: Person['account']
  readonly votes: readonly VoteStep[]
}

/**
 * Starts a local chain, deploys protocol and clearing, and has the market ratified and its clearing opened by real votes: propose, vote, queue, execute, with every delay passing in chain
 * time.
 */
export async function setUpChain({ configuration, people, from, to, spot, port, say }: SetUpOptions): Promise<RunningChain> {
  const local = await startLocalChain({ initialTime: from - daysOfGovernance * day, privateKeys: allKeys(people), port })
  try {
    if (local.url === null) throw new CliError('failure', 'The local chain has no JSON-RPC server.')
    say(`Local chain with JSON-RPC at ${local.url}.`)
    const allocations = people.holders.map(({ account }, i) => ({
      account: account.address,
      amount: BigInt([40, 35, 25][i] ?? 0) * 10_000n * token,
    }))
    const { deployment, roles } = await applyDeployment({
      client: local.client,
      deployer: people.deployer.account,
      settings: {
        catalogue: configuration.catalogue,
        protocol: defaultProtocolSettings,
        governance: defaultGovernance('Ballast DAO', allocations),
      },
      ...deploys,
    })
    say(`Protocol deployed; ${roles.length} checks show that the deployer holds no role.`)
    const addresses = await applyClearing({
      client: local.client,
      deployer: people.deployer.account,
      protocol: deployment,
      settings: defaultClearingSettings,
      ...deploys,
    })
    say(`Clearing deployed: ${Object.keys(addresses.contracts).length} contracts that the DAO owns.`)
    const desk = people.desk.account
    const { market } = configuration.market
    const send = createLocalSend(local)
    const assets = await deployLocalMarkets({ local, desk, artifacts: deploys.artifacts, markets: [market] })
    await delegateAll(local, people, deployment)
    const listing = listingActions({
      protocol: deployment,
      clearing: addresses,
      group,
      markets: [{ name: market, spot }],
      assets,
      surfaceSigners: surfaceSigners.map(({ address }) => address),
      lister: desk.address,
    })
    const opening = draftProposal({
      title: `Open clearing of ${market}`,
      body: 'Feed, surface signers, group and listings.',
      actions: listing,
    })
    const votes = await passLocally({
      local,
      governor: deployment.contracts.governor as Address,
      proposer: people.holders[0].account,
      voters: people.holders.map(({ account }) => account),
      reason: 'Ranges, steps and budgets as in docs/parameters.md.',
      drafts: [...draftRatification(deployment, configuration.catalogue, ratificationPlan(configuration, people, from, to)), opening],
      onStep: async (step) => {
        say(`  ${isoTime(step.time)}  ${step.step} ${step.proposal.description.split('\n')[0]?.replace(/^# /, '')}`)
        // A feed is listed while its sources are fresh, and ratification is executed right before.
        if (step.step === 'executed') await writeAnswers(send, desk, assets.sources.get(market) ?? [], spot)
      },
    })
    if ((await local.time()) > from)
      throw new CliError('failure', `The vote ended at ${isoTime(await local.time())}, after the first tick.`)
    const clearing = driveClearing({ local, send, desk, protocol: deployment, clearing: addresses, group, assets })
    return { local, url: local.url, deployment, clearing, desk, votes }
  } catch (error) {
    await local.close()
    throw error
  }
}

/** Without delegation tokens do not vote. */
async function delegateAll(local: LocalChain, { holders }: People, { contracts }: Deployment): Promise<void> {
  if (contracts.token === null) throw new CliError('failure', 'The deployment has no token of its own.')
  for (const { account } of holders) {
    const data = encodeFunctionData({ abi: ballastTokenAbi, functionName: 'delegate', args: [account.address] })
    await sendCall(local.client, local.wallet(account), { to: contracts.token, data })
  }
  await local.mine((await local.time()) + 1)
}

function ratificationPlan(
  { market, groups, engines }: MarketConfiguration,
  people: People,
  from: UnixSeconds,
  to: UnixSeconds,
): RatificationPlan {
  return {
    title: `Ratify the ${market.market} market`,
    reasons: 'Ranges inside which engines may move the parameters, the engines themselves, and a steward.',
    guardian: { account: people.guardian.account.address, until: from + 180 * day },
    stewards: [people.steward.account.address],
    engines: { set: people.engines.map(({ account }) => account.address), threshold: 2 },
    scopes: [...groups, market].flatMap(({ scopes }) => scopes),
    lanes: engines.map(({ scope }) => ({ scope, mode: 'live' as const, settings: laneSettings(to) })),
  }
}

/** Defaults of a lane: silence of 6 h stops loosening, of 24 h starts the dead-man; more than 20 accounts or 2 million USD need a co-sign. */
export function laneSettings(to: UnixSeconds): LaneSettings {
  return {
    heartbeatTimeout: 6 * 3_600,
    deadManTimeout: 24 * 3_600,
    flipWindow: 6 * 3_600,
    shadowRounds: 24,
    canaryRounds: 6,
    breakerRejections: 5,
    impactAccountsLimit: 20,
    impactNotionalLimit: (2_000_000n * token).toString(),
    impactMultipleBps: 20_000 as Bps,
    expiresAt: to + 180 * day,
  }
}
