import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPublicClient, encodeFunctionData, http, type PublicClient } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyHistory } from '../../../chain/audit/index.ts'
import {
  applyDeployment,
  DeploymentFailedError,
  type DeploymentSettings,
  parseDeployment,
  planDeployment,
  readRoleChecks,
  verifyDeployment,
} from '../../../chain/deploy/index.ts'
import { ballastTokenAbi, looseningVetoAbi, riskParametersAbi } from '../../../chain/generated/index.ts'
import { storeRoles } from '../../../chain/ids/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import { sendCall } from '../../../chain/write/index.ts'
import type { Address, Deployment } from '../../../risk/types/index.ts'
import { artifacts, people, settings, startChain } from '../support.ts'

const options = (local: LocalChain, folder: string | null = null, chosen = settings) => ({
  client: local.client,
  deployer: people.deployer,
  settings: chosen,
  artifacts,
  folder,
  confirmations: 1,
})

/** A node that drops the line at the n-th transaction, before or after it has taken it. */
function failingAt(local: LocalChain, n: number, taken: boolean): PublicClient {
  let sent = 0
  const request = async (args: { method: string; params?: unknown }): Promise<unknown> => {
    const fails = args.method === 'eth_sendRawTransaction' && ++sent >= n
    if (fails && !(taken && sent === n)) throw new Error('socket hang up')
    const answer = await (local.client.request as (args: unknown) => Promise<unknown>)(args)
    if (fails) throw new Error('socket hang up')
    return answer
  }
  return { ...local.client, request } as PublicClient
}

describe('applyDeployment', () => {
  let local: LocalChain
  let deployment: Deployment
  beforeAll(async () => {
    local = await startChain()
  })
  afterAll(() => local.close())

  test('deploys everything and proves that the deployer holds no role', async () => {
    const applied = await applyDeployment(options(local))
    deployment = applied.deployment
    expect(applied.roles.every(({ holds }) => holds)).toBe(true)
    const deployers = applied.roles.filter(({ account }) => account === people.deployer.address)
    expect(deployers.map(({ contract, role, actual }) => `${contract} ${role} ${actual}`)).toEqual([
      'riskParameters admin false',
      'riskParameters mandate false',
      'riskParameters veto false',
      'riskParameters stewards false',
      'riskParameters recorder false',
      'timelock admin false',
      'timelock proposer false',
      'timelock canceller false',
    ])
  })

  test('the deployer cannot write, grant or schedule afterwards', async () => {
    const data = encodeFunctionData({
      abi: riskParametersAbi,
      functionName: 'grantRole',
      args: [storeRoles.admin, people.deployer.address],
    })
    await expect(
      sendCall(local.client, local.wallet(people.deployer), { to: deployment.contracts.riskParameters, data }),
    ).rejects.toMatchObject({
      context: { errorName: 'AccessControlUnauthorizedAccount' },
    })
  })

  test('a role that somebody kept fails the check', async () => {
    const wrong = { ...deployment, contracts: { ...deployment.contracts, timelock: people.stranger.address } }
    const failed = (await readRoleChecks(local.client, wrong, people.deployer.address, false)).filter(({ holds }) => !holds)
    expect(failed.map(({ account, role, expected, actual }) => [account, role, expected, actual])).toEqual([
      [people.stranger.address, 'admin', true, false],
      [deployment.contracts.timelock, 'admin', false, true],
    ])
  })

  test('verify finds code, settings, roles and catalogue as they must be', async () => {
    const checks = await verifyDeployment(local.client, deployment, settings, artifacts, people.deployer.address)
    expect(checks.filter(({ holds }) => !holds)).toEqual([])
    expect(checks.length).toBeGreaterThan(40)
  })

  test('verify names what differs', async () => {
    const other: DeploymentSettings = {
      ...settings,
      protocol: { ...settings.protocol, undoWindow: 3_600 },
      catalogue: { ...settings.catalogue, invariants: [] },
    }
    const swapped = { ...deployment, contracts: { ...deployment.contracts, riskStewards: deployment.contracts.looseningVeto } }
    const failed = (await verifyDeployment(local.client, swapped, other, artifacts))
      .filter(({ holds }) => !holds)
      .map(({ subject }) => subject)
    expect(failed).toEqual(expect.arrayContaining(['code of RiskStewards', 'undo window', 'hash of the catalogue', 'joint invariants']))
    expect(failed).not.toContain('code of RiskParameters')
  })

  describe('with an existing owner', () => {
    const existing = (token: Address | null): DeploymentSettings => ({
      ...settings,
      governance: { kind: 'existing', owner: deployment.contracts.timelock, governor: null, token },
    })

    test('deploys no token, governor or timelock and hands the store to the owner', async () => {
      const { deployment: second, roles } = await applyDeployment(options(local, null, existing(deployment.contracts.token)))
      expect(second.contracts).toMatchObject({ timelock: deployment.contracts.timelock, governor: null, token: deployment.contracts.token })
      expect(roles.every(({ holds }) => holds)).toBe(true)
      expect(roles.some(({ contract }) => contract === 'timelock')).toBe(false)
      const admin = await local.client.readContract({
        address: second.contracts.riskParameters,
        abi: riskParametersAbi,
        functionName: 'hasRole',
        args: [storeRoles.admin, deployment.contracts.timelock],
      })
      expect(admin).toBe(true)
    })

    test('without a token the guardian alone vetoes', async () => {
      const { deployment: third } = await applyDeployment(options(local, null, existing(null)))
      const token = await local.client.readContract({
        address: third.contracts.looseningVeto,
        abi: looseningVetoAbi,
        functionName: 'TOKEN',
      })
      expect(BigInt(token)).toBe(0n)
      expect(third.contracts.token).toBeNull()
    })

    test('plan states the denominator of the veto and warns of an owner that is one key', async () => {
      const plan = async (chosen: DeploymentSettings) => planDeployment(local.client, chosen, artifacts)
      expect((await plan(settings)).vetoDenominator).toMatch(/^3 % of the delegated supply/)
      expect((await plan(existing(deployment.contracts.token))).vetoDenominator).toMatch(/^3 % of the delegated supply/)
      expect((await plan(existing(null))).vetoDenominator).toBe('no token: the guardian alone vetoes')
      const foreign = await plan(existing(deployment.contracts.timelock))
      expect(foreign.vetoDenominator).toContain('total supply')
      expect(foreign.warnings).toEqual([expect.stringContaining('does not count time in seconds')])
      const key = await plan({ ...settings, governance: { kind: 'existing', owner: people.alice.address, governor: null, token: null } })
      expect(key.warnings).toEqual([`${people.alice.address} has no code: one key would own the parameters`])
    })
  })

  test('plan shows the defaults in human units, without warnings, and every contract with its size', async () => {
    const plan = await planDeployment(local.client, settings, artifacts)
    expect(plan.warnings).toEqual([])
    expect(plan.contracts.map(({ name }) => name)).toContain('RiskParameters')
    for (const { bytes } of plan.contracts) expect(bytes).toBeGreaterThan(500)
    expect(plan.settings).toEqual(
      expect.arrayContaining([
        { contract: 'BallastGovernor', setting: 'voting delay', value: '2 d 1 h' },
        { contract: 'BallastGovernor', setting: 'proposal threshold', value: '10000 tokens' },
        { contract: 'RiskParameters', setting: 'rule delay', value: '2 d' },
        { contract: 'ControllerMandate', setting: 'longest validity of a round', value: '15 min' },
      ]),
    )
    const hasty = { ...settings, governance: { ...settings.governance, votingDelay: 60, timelockDelay: 60 } } as DeploymentSettings
    expect((await planDeployment(local.client, hasty, artifacts)).warnings).toHaveLength(2)
  })
})

describe('applyDeployment with a journal', () => {
  let local: LocalChain
  let folder: string
  beforeAll(async () => {
    local = await startChain()
    folder = mkdtempSync(join(tmpdir(), 'ballast deployment '))
  })
  afterAll(async () => {
    await local.close()
    rmSync(folder, { recursive: true })
  })
  const file = (): string => join(folder, '31337.json')
  const sent = (): Promise<number> => local.client.getTransactionCount({ address: people.deployer.address })

  test('an interrupted deployment writes no file and says why it stopped', async () => {
    await expect(applyDeployment({ ...options(local, folder), client: failingAt(local, 7, false) })).rejects.toThrow(DeploymentFailedError)
    expect(existsSync(file())).toBe(false)
    expect(await sent()).toBe(6)
  })

  test('interrupted again, after the node took a transaction whose hash was never heard of', async () => {
    await expect(applyDeployment({ ...options(local, folder), client: failingAt(local, 6, true) })).rejects.toThrow(DeploymentFailedError)
    expect(existsSync(file())).toBe(false)
  })

  test('interrupted once more, before the next transaction was signed', async () => {
    const before = await sent()
    const locked = { ...people.deployer, signTransaction: () => Promise.reject(new Error('the keystore is locked')) }
    await expect(applyDeployment({ ...options(local, folder), deployer: locked })).rejects.toThrow(/keystore is locked/)
    expect(await sent()).toBe(before)
  })

  test('run again it continues: nothing is deployed twice', async () => {
    const { deployment } = await applyDeployment(options(local, folder))
    expect(parseDeployment(JSON.parse(readFileSync(file(), 'utf8')))).toEqual(deployment)
    // As many as without interruption: eight contracts, seven modules' roles, two handovers, three on the timelock.
    expect(await sent()).toBe(20)
    expect(deployment.block).toBe('0')
  })

  test('run a third time it sends nothing and answers the same', async () => {
    const before = readFileSync(file(), 'utf8')
    await applyDeployment(options(local, folder))
    expect(await sent()).toBe(20)
    expect(readFileSync(file(), 'utf8')).toBe(before)
  })

  test('other settings over the same journal are refused', async () => {
    const other = { ...settings, protocol: { ...settings.protocol, undoWindow: 3_600 } }
    await expect(applyDeployment(options(local, folder, other))).rejects.toThrow(DeploymentFailedError)
    expect(await sent()).toBe(20)
  })

  test('the token of the deployment is the one with a clock in seconds', async () => {
    const { contracts } = parseDeployment(JSON.parse(readFileSync(file(), 'utf8')))
    expect(await local.client.readContract({ address: contracts.token as Address, abi: ballastTokenAbi, functionName: 'CLOCK_MODE' })).toBe(
      'mode=timestamp',
    )
  })
})

describe('applyDeployment over JSON-RPC', () => {
  test('deploys through a node that holds no key', async () => {
    const local = await startChain(0)
    try {
      const client = createPublicClient({ transport: http(local.url ?? ''), pollingInterval: 20, cacheTime: 0 })
      const { deployment, roles } = await applyDeployment({ ...options(local), client })
      expect(roles.every(({ holds }) => holds)).toBe(true)
      expect((await verifyHistory(client, deployment)).historyVerified).toBe(true)
    } finally {
      await local.close()
    }
  })
})

describe('parseDeployment', () => {
  const good = {
    schema: 'ballast.deployment',
    version: 1,
    chainId: 1,
    block: '5',
    catalogue: `0x${'ab'.repeat(32)}`,
    contracts: Object.fromEntries(
      ['timelock', 'guardianTerm', 'riskParameters', 'controllerMandate', 'looseningVeto', 'riskStewards', 'token', 'governor'].map(
        (name) => [name, people.alice.address],
      ),
    ),
  }
  test('accepts what applyDeployment writes', () => {
    expect(parseDeployment(good)).toEqual(good)
    expect(parseDeployment({ ...good, contracts: { ...good.contracts, token: null } }).contracts.token).toBeNull()
  })
  test.each([
    [{ ...good, schema: 'x' }, 'deployment.schema'],
    [{ ...good, chainId: 0 }, 'deployment.chainId'],
    [{ ...good, block: 5 }, 'deployment.block'],
    [{ ...good, extra: 1 }, 'deployment.extra'],
    [{ ...good, contracts: { ...good.contracts, riskStewards: null } }, 'deployment.contracts.riskStewards'],
    [{ ...good, contracts: { ...good.contracts, token: people.alice.address.toLowerCase() } }, 'deployment.contracts.token'],
    [null, 'deployment'],
  ])('names the field that is wrong (%#)', (value, argument) => {
    expect(() => parseDeployment(value)).toThrow(expect.objectContaining({ context: expect.objectContaining({ argument }) }))
  })
})
