import { encodeFunctionData, keccak256, type LocalAccount, stringToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { ballastTokenAbi, vaultAbi } from '../../chain/generated/index.ts'
import { encodeScopeId } from '../../chain/ids/index.ts'
import { startLocalChain } from '../../chain/local/index.ts'
import { createChainReader } from '../../chain/read/index.ts'
import type { ListedContract } from '../../risk/clearing/index.ts'
import { toWadUsd } from '../../risk/liquidation/index.ts'
import type { Hex, LiveParameter, ScopeId, Signer, UnixSeconds, Usd, World } from '../../risk/types/index.ts'
import { createChainWorld } from '../world/createChainWorld.ts'
import { type ClearingChain, type LocalMarket, openClearingChain } from '../world/openClearingChain.ts'
import { createContractClearing } from './createContractClearing.ts'
import type { DrillMarket, DrillSetup } from './DrillSetup.ts'
import { drawTraders } from './drawTraders.ts'
import type { PureDrillOptions } from './openPureDrill.ts'
import { strikeWad } from './strikeWad.ts'

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
): Promise<Pick<DrillSetup, 'rules' | 'openVenue'> & { readonly close: () => Promise<void> }> {
  const { seed, from, catalogue, defaults, markets, group, lanes, artifacts } = options
  const [deployer, owner, first, second, third] = ['deployer', 'owner', 'engine 1', 'engine 2', 'engine 3'].map((name) =>
    person(seed, name),
  ) as [Person, Person, Person, Person, Person]
  const privateKeys = [deployer, owner, first].map(({ key }) => key)
  const local = await startLocalChain({ initialTime: from - LEAD, privateKeys })
  const scopes = markets.map(({ configuration }) => configuration.scope)
  let world: World | undefined
  let reader: ReturnType<typeof createChainReader> | undefined
  const cached = new Map<ScopeId, { readonly hour: number; readonly parameters: readonly LiveParameter[] }>()
  const opened: { close: () => void }[] = []

  return {
    rules: {
      world: {
        readScope: (scope, time) => (world as World).readScope(scope, time),
        apply: async (adjustment, time) => {
          cached.clear()
          return (world as World).apply(adjustment, time)
        },
        executeDue: (scope, time) => (world as World).executeDue(scope, time),
      },
      readParameters: async (scope, time) => {
        const hour = Math.floor(time / HOUR)
        const known = cached.get(scope)
        if (known?.hour === hour) return known.parameters
        const { parameters } = await (reader as ReturnType<typeof createChainReader>).readScope(scope)
        cached.set(scope, { hour, parameters })
        return parameters
      },
    },
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
        markets: await Promise.all(markets.map((market) => openMarket(market, contracts, from))),
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
      await endowFund(options, chain, owner.account)
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

/** The market as it stands when the run begins, with the chains that the contracts name. */
async function openMarket({ name, source }: DrillMarket, contracts: readonly ListedContract[], from: UnixSeconds): Promise<LocalMarket> {
  const { spot, markVol } = await source.fetchObservation(from - HOUR, from)
  const own = contracts.filter(({ market }) => market === name).map(({ instrument }) => instrument)
  const expiries = [...new Set(own.map(({ expiry }) => expiry))].sort((a, b) => a - b)
  const tick = tickOf(spot)
  return {
    name,
    spot,
    vol: markVol,
    chains: expiries.map((expiry) => ({
      expiry,
      tick,
      multiples: own
        .flatMap((instrument) =>
          instrument.kind === 'option' && instrument.type === 'put' && instrument.expiry === expiry ? [instrument.strike] : [],
        )
        .map((strike) => Number(strikeWad(strike) / tick)),
    })),
  }
}

/** A thousandth to a hundredth of the price, a power of ten: strikes of three digits are multiples of it. */
function tickOf(spot: Usd): bigint {
  const [, exponent] = spot.toExponential().split('e')
  return 10n ** BigInt(15 + Number(exponent))
}

async function endowFund(
  { markets, seed, accounts, fundShare, group }: ContractDrillOptions,
  chain: ClearingChain,
  owner: LocalAccount,
): Promise<void> {
  const names = markets.map(({ name }) => name)
  const deposits = drawTraders(seed, names, accounts).reduce((sum, { deposit }) => sum + deposit, 0)
  const amount = toWadUsd('fund', fundShare * deposits, 'down')
  if (amount === 0n) return
  const { vault } = chain.clearing.contracts
  await chain.send(owner, chain.cashToken, encodeFunctionData({ abi: ballastTokenAbi, functionName: 'approve', args: [vault, amount] }))
  await chain.send(owner, vault, encodeFunctionData({ abi: vaultAbi, functionName: 'raiseFund', args: [encodeScopeId(group), amount] }))
}
