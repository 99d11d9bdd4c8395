import { join } from 'node:path'
import { type LocalAccount, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { applyDeployment, type DeploymentSettings, defaultGovernance, defaultProtocolSettings } from '../../chain/deploy/index.ts'
import { type LocalChain, startLocalChain } from '../../chain/local/index.ts'
import type { Bps, Catalogue, Deployment, Hex, ParameterRule, ParameterSpec, ParameterValue } from '../../risk/types/index.ts'

export const genesis = Date.UTC(2020, 1, 1) / 1000
export const artifacts = join(import.meta.dirname, '../../artifacts')

const key = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`
/** Accounts with fixed keys, for tests only: deployer, three holders, three engines, a steward, a guardian, a stranger. */
export const people = Object.fromEntries(
  ['deployer', 'alice', 'bob', 'carol', 'engineA', 'engineB', 'engineC', 'steward', 'guardian', 'stranger'].map((name, i) => [
    name,
    privateKeyToAccount(key(0xba11 + i)),
  ]),
) as Record<'deployer' | 'alice' | 'bob' | 'carol' | 'engineA' | 'engineB' | 'engineC' | 'steward' | 'guardian' | 'stranger', LocalAccount>
const keys = Object.values(people).map((_, i) => key(0xba11 + i))

export const value = (n: number): ParameterValue => n as ParameterValue
const bps = (n: number): Bps => n as Bps

function spec(
  id: string,
  unit: ParameterSpec['unit'],
  direction: ParameterSpec['direction'],
  group: number,
  ramped: boolean,
): ParameterSpec {
  return {
    id,
    unit,
    description: `${id} of the test catalogue`,
    scopeKind: 'market',
    direction,
    class: direction === 'twoSided' ? 'money' : 'risk',
    group,
    ramped,
    rails: {
      floor: value(1),
      ceiling: value(1_000_000),
      maxTightenStepBps: bps(10_000),
      maxLoosenStepBps: bps(5_000),
      maxTightenBudgetBps: bps(20_000),
      maxLoosenBudgetBps: bps(10_000),
      minLoosenCooldownMinutes: 60,
      minVetoHours: 1,
    },
  }
}

/** Three parameters of a market: one of each direction. */
export const catalogue: Catalogue = {
  schema: 'ballast.catalogue',
  version: 1,
  name: 'test',
  parameters: [
    spec('liquidation.fee', 'bps', 'twoSided', 3, false),
    spec('margin.priceScanRange', 'bps', 'up', 1, true),
    spec('market.openInterestCap', 'contracts', 'down', 2, false),
  ],
  invariants: [
    {
      left: 'liquidation.fee',
      right: 'margin.priceScanRange',
      leftBaseline: false,
      rightBaseline: false,
      leftMul: 1,
      rightMul: 1,
      slack: value(0),
    },
  ],
}

const rule = (floor: number, ceiling: number, baseline: number, other: Partial<ParameterRule> = {}): ParameterRule => ({
  floor: value(floor),
  ceiling: value(ceiling),
  baseline: value(baseline),
  tightenStepBps: bps(2_500),
  tightenStepFloor: value(100),
  loosenStepBps: bps(1_000),
  tightenCooldown: 50,
  loosenCooldown: 1_440,
  tightenBudgetBps: bps(10_000),
  loosenBudgetBps: bps(2_500),
  loosenWindow: 168,
  vetoHours: 24,
  emergencyStepBps: bps(5_000),
  emergencyCooldown: 10,
  rampPerHour: value(0),
  ...other,
})

/** A rule and a first value for each parameter of {catalogue}, in its order. */
export const firstRules: Readonly<Record<string, { readonly rule: ParameterRule; readonly value: ParameterValue }>> = {
  'liquidation.fee': {
    rule: rule(100, 600, 300, {
      tightenStepBps: bps(0),
      tightenStepFloor: value(0),
      tightenBudgetBps: bps(0),
      emergencyStepBps: bps(0),
      emergencyCooldown: 0,
    }),
    value: value(300),
  },
  'margin.priceScanRange': { rule: rule(1_200, 5_000, 2_100, { rampPerHour: value(250) }), value: value(2_100) },
  'market.openInterestCap': { rule: rule(1_000, 100_000, 50_000), value: value(50_000) },
}

export const settings: DeploymentSettings = {
  catalogue,
  protocol: defaultProtocolSettings,
  governance: defaultGovernance('Ballast', [
    { account: people.alice.address, amount: parseEther('600000') },
    { account: people.bob.address, amount: parseEther('300000') },
    { account: people.carol.address, amount: parseEther('100000') },
  ]),
}

export const startChain = (port?: number): Promise<LocalChain> =>
  startLocalChain({ initialTime: genesis, privateKeys: keys, ...(port !== undefined && { port }) })

/** A chain with everything deployed on it, nothing activated. */
export async function deployed(port?: number): Promise<{ local: LocalChain; deployment: Deployment }> {
  const local = await startChain(port)
  const { deployment } = await applyDeployment({
    client: local.client,
    deployer: people.deployer,
    settings,
    artifacts,
    folder: null,
    confirmations: 1,
  })
  return { local, deployment }
}
