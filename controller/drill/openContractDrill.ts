import { keccak256, type LocalAccount, stringToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { startLocalChain } from '../../chain/local/index.ts'
import { createChainReader } from '../../chain/read/index.ts'
import type { ChainReader, Hex, Signer, World } from '../../risk/types/index.ts'
import { createChainWorld } from '../world/createChainWorld.ts'
import { openClearingChain } from '../world/openClearingChain.ts'
import { createContractClearing } from './createContractClearing.ts'
import type { DrillSetup } from './DrillSetup.ts'
import { depositsOf, drawTraders } from './drawTraders.ts'
import { hourlyParameters } from './hourlyParameters.ts'
import { marketAtOpening } from './marketAtOpening.ts'
import type { PureDrillOptions } from './openPureDrill.ts'

export type ContractDrillOptions = PureDrillOptions & {
  /** Folder of the compiler's artifacts. */
  readonly artifacts: string
}

const HOUR = 3_600
/** The chain begins this long before the run: deployment, listings, deposits. */
const LEAD = 2 * HOUR

/**
 * Rules and venue of a run on the contracts themselves: a chain of this process with the whole protocol, whose prices, surfaces and ladders follow the bars, and whose store the controller's rounds
 * move. Parameters are read once an hour: between rounds they only ramp.
 */
export async function openContractDrill(
  options: ContractDrillOptions,
): Promise<Pick<DrillSetup, 'readParameters' | 'openVenue'> & { readonly world: World; readonly close: () => Promise<void> }> {
  const { seed, from, accounts, catalogue, defaults, markets, group, lanes, fundShare, artifacts } = options
  const names = markets.map(({ name }) => name)
  const [deployer, owner, first, second, third] = ['deployer', 'owner', 'engine 1', 'engine 2', 'engine 3'].map((name) =>
    person(seed, name),
  ) as [Person, Person, Person, Person, Person]
  const privateKeys = [deployer, owner, first].map(({ key }) => key)
  const local = await startLocalChain({ initialTime: from - LEAD, privateKeys })
  const scopes = markets.map(({ configuration }) => configuration.scope)
  let world: World | undefined
  let reader: ChainReader | undefined
  const { readParameters, forget } = hourlyParameters(() => reader as ChainReader)
  const opened: { close: () => void }[] = []

  return {
    world: {
      readScope: (scope, time) => (world as World).readScope(scope, time),
      apply: async (adjustment, time) => {
        forget()
        return (world as World).apply(adjustment, time)
      },
      executeDue: (scope, time) => (world as World).executeDue(scope, time),
    },
    readParameters,
    openVenue: async (contracts) => {
      const chain = await openClearingChain({
        local,
        deployer: deployer.account,
        owner: owner.account,
        artifacts,
        catalogue,
        defaults,
        lanes: scopes,
        engines: [first, second, third].map(({ account }) => account.address).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)),
        laneSettings: lanes,
        markets: await Promise.all(markets.map((market) => marketAtOpening(market, contracts, from))),
        group,
      })
      reader = createChainReader(local.client, chain.protocol, catalogue)
      world = createChainWorld({
        local,
        deployment: chain.protocol,
        catalogue,
        signers: [first, second].map(({ account }) => signerOf(account)),
        sender: first.account,
        steward: null,
      })
      await chain.raiseFund(fundShare * depositsOf(drawTraders(seed, names, accounts)))
      const venue = createContractClearing({ local, chain, sender: owner.account, group, contracts, seed })
      opened.push(venue)
      return venue
    },
    close: async () => {
      for (const each of opened) each.close()
      await local.close()
    },
  }
}

type Person = { readonly key: Hex; readonly account: LocalAccount }

/** A key of this run from its seed and a name: worth nothing outside the local chain. */
function person(seed: string, name: string): Person {
  const key = keccak256(stringToHex(`drill ${seed} ${name}`))
  return { key, account: privateKeyToAccount(key) }
}

function signerOf(account: LocalAccount): Signer {
  return { address: account.address, signDigest: async (hash) => (await account.sign?.({ hash })) ?? '0x' }
}
