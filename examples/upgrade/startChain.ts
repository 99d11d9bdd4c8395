import { join } from 'node:path'
import { encodeFunctionData, parseEther } from 'viem'
import { applyDeployment, defaultGovernance, defaultProtocolSettings } from '../../chain/deploy/index.ts'
import { ballastTokenAbi } from '../../chain/generated/index.ts'
import { type LocalChain, startLocalChain } from '../../chain/local/index.ts'
import { sendCall } from '../../chain/write/index.ts'
import { passLocally } from '../../proposals/lifecycle/index.ts'
import { draftRatification } from '../../proposals/templates/index.ts'
import type { MarketDefaults } from '../../risk/catalogue/index.ts'
import type { Address, Bps, Catalogue, Deployment, EngineConfiguration } from '../../risk/types/index.ts'
import { chainId, deployer, engines, firstTick, guardian, holders, port, steward } from './people.ts'

const day = 86_400
const until = firstTick + 180 * day

export type Configuration = {
  readonly catalogue: Catalogue
  readonly contents: readonly MarketDefaults[]
  readonly engines: readonly EngineConfiguration[]
}

/** A local chain with a DAO, its contracts, and one market that was ratified by a vote: what will be handed over. */
export async function startChain(configuration: Configuration): Promise<{ readonly local: LocalChain; readonly deployment: Deployment }> {
  const people = [deployer, guardian, steward, ...engines, ...holders]
  const local = await startLocalChain({ initialTime: firstTick - 10 * day, chainId, port, privateKeys: people.map(({ key }) => key) })
  try {
    const { deployment } = await applyDeployment({
      client: local.client,
      deployer: deployer.account,
      settings: {
        catalogue: configuration.catalogue,
        protocol: defaultProtocolSettings,
        governance: defaultGovernance(
          'Upgrade DAO',
          holders.map(({ account }, i) => ({ account: account.address, amount: parseEther(['500000', '300000', '200000'][i] ?? '0') })),
        ),
      },
      artifacts: join(import.meta.dirname, '..', '..', 'artifacts'),
      folder: null,
      confirmations: 1,
    })
    await ratify(local, deployment, configuration)
    return { local, deployment }
  } catch (error) {
    await local.close()
    throw error
  }
}

async function ratify(local: LocalChain, deployment: Deployment, { catalogue, contents, engines: scopes }: Configuration): Promise<void> {
  const { token, governor } = deployment.contracts
  for (const { account } of holders) {
    const data = encodeFunctionData({ abi: ballastTokenAbi, functionName: 'delegate', args: [account.address] })
    await sendCall(local.client, local.wallet(account), { to: token as Address, data })
  }
  await local.mine((await local.time()) + 1)
  await passLocally({
    local,
    governor: governor as Address,
    proposer: holders[0].account,
    voters: holders.map(({ account }) => account),
    reason: '',
    drafts: draftRatification(deployment, catalogue, {
      title: 'Ratify the ETH market',
      reasons: 'The first deployment, before anybody thinks of a second.',
      guardian: { account: guardian.account.address, until },
      stewards: [steward.account.address],
      engines: { set: engines.map(({ account }) => account.address), threshold: 2 },
      scopes: contents.flatMap((each) => each.scopes),
      lanes: scopes.map(({ scope }) => ({
        scope,
        mode: 'live',
        settings: {
          heartbeatTimeout: 6 * 3_600,
          deadManTimeout: 24 * 3_600,
          flipWindow: 6 * 3_600,
          shadowRounds: 24,
          canaryRounds: 6,
          breakerRejections: 5,
          impactAccountsLimit: 50,
          impactNotionalLimit: parseEther('2000000').toString(),
          impactMultipleBps: 20_000 as Bps,
          expiresAt: until,
        },
      })),
    }),
  })
}
