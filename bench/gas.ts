// `npm run bench:gas`: gas of whole transactions (base and calldata included, each on its own, cold storage) on an in-process chain with the shipped catalogue.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeDeployData, encodeFunctionData, keccak256, type LocalAccount, parseEther, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { applyDeployment, defaultGovernance, defaultProtocolSettings } from '../chain/deploy/index.ts'
import { ballastTokenAbi } from '../chain/generated/index.ts'
import { type LocalChain, startLocalChain } from '../chain/local/index.ts'
import { createChainReader } from '../chain/read/index.ts'
import { adjustmentDigest, domainOf } from '../chain/typed-data/index.ts'
import { buildExecuteLoosening, buildSubmitRound, sendCall } from '../chain/write/index.ts'
import { passLocally } from '../proposals/lifecycle/index.ts'
import { draftRatification } from '../proposals/templates/index.ts'
import { parseCatalogue, parseMarket } from '../risk/catalogue/index.ts'
import type { Address, Adjustment, Bps, Deployment, Hash, Hex, Item, ParameterValue, ScopeId } from '../risk/types/index.ts'
import { compileSolidity } from '../tools/compileSolidity.ts'
import type { BenchRow } from './BenchRow.ts'
import { benchBlack76 } from './black76Gas.ts'
import { benchClearing } from './clearingGas.ts'
import { benchLadder } from './ladderGas.ts'
import { benchLiquidation } from './liquidationGas.ts'
import { benchMargin } from './marginGas.ts'
import { benchOracle } from './oracleGas.ts'

const root = join(import.meta.dirname, '..')
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, 'config', path), 'utf8'))
const scope: ScopeId = 'market:ETH'
const HOUR = 3600
const DAY = 24 * HOUR
const GENESIS = 1_583_020_800
/** Votes with 1e18 units each; enough for the threshold and the quorum alone. */
const SUPPLY = parseEther('1000000')
const PARAMETER_REFERENCE = '80,000 gas per parameter; prototype 65.6 k tighten, 69.1 k loosen'

const keys = [1, 2, 3, 4, 5].map((n): Hex => toHex(0xba11 + n, { size: 32 }))
const [deployer, holder, ...engines] = keys.map((key) => privateKeyToAccount(key)) as [LocalAccount, LocalAccount, ...LocalAccount[]]

type Move = readonly [id: string, value: number]
const tightening: readonly Move[] = [
  ['margin.priceScanRange', 2_500],
  ['margin.volScanDown', 2_000],
  ['margin.volScanUp', 4_000],
]
const loosening: readonly Move[] = [
  ['margin.priceScanRange', 2_300],
  ['margin.volScanDown', 1_850],
  ['margin.volScanUp', 3_700],
]

/** Gas of governance and of rounds, in rows. */
export async function benchGas(): Promise<BenchRow[]> {
  const local = await startLocalChain({ initialTime: GENESIS, privateKeys: keys })
  try {
    const { deployment, steps } = await ratifiedProtocol(local)
    const rounds = await benchRounds(local, deployment)
    const plain = await benchPlainGovernor(local)
    const governance = (['proposed', 'voted', 'queued', 'executed'] as const).map((step): BenchRow => {
      const gas = Number(steps.find((candidate) => candidate.step === step)?.gasUsed ?? 0n)
      return {
        name: `governor ${step}`,
        value: gas,
        unit: 'gas',
        reference: 'same modules without our additions',
        ratio: gas / plain[step],
      }
    })
    return [
      ...rounds,
      ...governance,
      ...(await benchBlack76(local, deployer)),
      ...(await benchOracle(local, deployer)),
      ...(await benchClearing(local, [deployer, holder])),
      ...(await benchLadder(local, deployer)),
      ...(await benchMargin(local, deployer)),
      ...(await benchLiquidation()),
    ]
  } finally {
    await local.close()
  }
}

async function ratifiedProtocol(local: LocalChain) {
  const catalogue = parseCatalogue(readJson('catalogues/ballast.json'))
  const { deployment } = await applyDeployment({
    client: local.client,
    deployer,
    settings: {
      catalogue,
      protocol: defaultProtocolSettings,
      governance: defaultGovernance('Ballast', [{ account: holder.address, amount: SUPPLY }]),
    },
    artifacts: join(root, 'artifacts'),
    folder: null,
    confirmations: 1,
  })
  await delegate(local, deployment.contracts.token as Address)
  const market = parseMarket(readJson('markets/eth.json'), catalogue)
  const pass = (drafts: Parameters<typeof passLocally>[0]['drafts']) =>
    passLocally({
      local,
      governor: deployment.contracts.governor as Address,
      proposer: holder,
      voters: [holder],
      reason: 'bench',
      drafts,
    })
  await pass(
    draftRatification(deployment, catalogue, {
      title: 'Bench',
      reasons: 'Bench.',
      guardian: null,
      stewards: [],
      engines: { set: engines.map(({ address }) => address).sort(ascending), threshold: 2 },
      scopes: market.scopes.filter((contents) => contents.scope === scope),
      lanes: [{ scope, mode: 'live', settings: laneSettings() }],
    }),
  )
  // One small call, the same one that the plain governor passes: what differs is the governor.
  const steps = await pass([smallDraft(deployment.contracts.token as Address)])
  return { deployment, steps }
}

const ascending = (a: string, b: string): number => (BigInt(a) < BigInt(b) ? -1 : 1)

const laneSettings = () => ({
  heartbeatTimeout: 60 * HOUR,
  deadManTimeout: 120 * HOUR,
  flipWindow: HOUR,
  shadowRounds: 24,
  canaryRounds: 6,
  breakerRejections: 5,
  impactAccountsLimit: 20,
  impactNotionalLimit: (10n ** 24n).toString(),
  impactMultipleBps: 20_000 as Bps,
  expiresAt: GENESIS + 180 * DAY,
})

const approveNothing = encodeFunctionData({ abi: ballastTokenAbi, functionName: 'approve', args: [deployer.address, 1n] })

function smallDraft(target: Address) {
  const action = { target, value: 0n, data: approveNothing, summary: 'approve one unit' }
  return { schema: 'ballast.draft', version: 1, title: 'Small', description: '# Small', actions: [action] } as const
}

async function delegate(local: LocalChain, token: Address): Promise<void> {
  const data = encodeFunctionData({ abi: ballastTokenAbi, functionName: 'delegate', args: [holder.address] })
  await sendCall(local.client, local.wallet(holder), { to: token, data })
  await local.mine((await local.time()) + 1)
}

async function benchRounds(local: LocalChain, deployment: Deployment): Promise<BenchRow[]> {
  const row = (name: string, gas: bigint, count: number): BenchRow => {
    const perParameter = Number(gas) / count
    return { name, value: perParameter, unit: 'gas per parameter', reference: PARAMETER_REFERENCE, ratio: perParameter / 80_000 }
  }
  const wait = async (seconds: number): Promise<void> => local.mine((await local.time()) + seconds)
  const send = (moves: readonly Move[]) => sendRound(local, deployment, moves)

  // The second round of each kind is measured: the first one of a lane writes slots that no later one does.
  await send([])
  await wait(HOUR)
  await send(tightening.map(([id, value]): Move => [id, value - 100]))
  await wait(HOUR)
  const tighten = await send(tightening)
  await wait(26 * HOUR)
  const pend = await send(loosening)
  await wait(25 * HOUR)
  await send([])
  let execute = 0n
  for (const id of ['margin.priceScanRange', 'margin.volScanUp'])
    execute += (await sendCall(local.client, local.wallet(engines[0]), buildExecuteLoosening(deployment, scope, id))).gasUsed
  await wait(25 * HOUR)
  const one = await send([['margin.priceScanRange', 2_600]])
  await wait(HOUR)
  const heartbeat = await send([])
  return [
    row('round of three, tightening', tighten, 3),
    row('round of three, loosening: pend', pend, 3),
    row('round of three, loosening: execute (two calls, one per coupling group)', execute, 3),
    row('round of one, tightening', one, 1),
    { name: 'heartbeat', value: Number(heartbeat), unit: 'gas' },
  ]
}

async function sendRound(local: LocalChain, deployment: Deployment, moves: readonly Move[]): Promise<bigint> {
  const catalogue = parseCatalogue(readJson('catalogues/ballast.json'))
  const { lane, time, parameters } = await createChainReader(local.client, deployment, catalogue).readScope(scope)
  const items = moves.map(([id, value]): Item => {
    const live = parameters.find((parameter) => parameter.id === id)
    if (live === undefined) throw new Error(`${id} is not in ${scope}`)
    return { id, expected: live.state.value, value: value as ParameterValue }
  })
  const hash = (name: string): Hash => keccak256(toHex(`${name} ${time}`))
  const adjustment: Adjustment = {
    scope,
    epoch: lane.epoch,
    round: lane.round + 1,
    observedAt: time,
    validUntil: time + 600,
    items,
    impactNotional: 0n,
    impactAccounts: 0,
    snapshot: hash('snapshot'),
    engine: hash('engine'),
    configuration: hash('configuration'),
    report: hash('report'),
  }
  const digest = adjustmentDigest(adjustment, domainOf('controllerMandate', deployment.chainId, deployment.contracts.controllerMandate))
  const signatures = await Promise.all(
    engines
      .slice(0, 2)
      .map(async (engine) => ({ signer: engine.address, data: (await engine.sign?.({ hash: digest })) ?? ('0x' as const) })),
  )
  const call = buildSubmitRound(deployment, adjustment, signatures, null)
  return (await sendCall(local.client, local.wallet(engines[0]), call)).gasUsed
}

type PlainGas = Readonly<Record<'proposed' | 'voted' | 'queued' | 'executed', number>>

async function benchPlainGovernor(local: LocalChain): Promise<PlainGas> {
  const compiled = compileSolidity('bench/contracts/PlainGovernor.sol')
  const wallet = local.wallet(deployer)
  const deploy = async (name: string, args: readonly unknown[]): Promise<Address> => {
    const peer = compiled[name]
    if (peer === undefined) throw new Error(`${name} was not compiled`)
    const hash = await wallet.sendTransaction({ data: encodeDeployData({ abi: peer.abi, bytecode: peer.bytecode, args }) })
    const { contractAddress } = await local.client.waitForTransactionReceipt({ hash })
    if (!contractAddress) throw new Error(`${name} was not deployed`)
    return contractAddress
  }
  const { votingDelay, votingPeriod, timelockDelay } = defaultGovernance('Plain', [{ account: holder.address, amount: SUPPLY }])
  const token = await deploy('PlainToken', [holder.address, SUPPLY])
  const timelock = await deploy('PlainTimelock', [BigInt(timelockDelay), deployer.address])
  const governor = await deploy('PlainGovernor', [token, timelock, votingDelay, votingPeriod])
  const timelockAbi = compiled['PlainTimelock']?.abi ?? []
  for (const role of ['PROPOSER_ROLE', 'CANCELLER_ROLE'])
    await sendCall(local.client, wallet, {
      to: timelock,
      data: encodeFunctionData({ abi: timelockAbi, functionName: 'grantRole', args: [keccak256(toHex(role)), governor] }),
    })
  await delegate(local, token)
  const steps = await passLocally({ local, governor, proposer: holder, voters: [holder], reason: 'bench', drafts: [smallDraft(token)] })
  const gasOf = (step: keyof PlainGas): number => Number(steps.find((candidate) => candidate.step === step)?.gasUsed ?? 0n)
  return { proposed: gasOf('proposed'), voted: gasOf('voted'), queued: gasOf('queued'), executed: gasOf('executed') }
}
