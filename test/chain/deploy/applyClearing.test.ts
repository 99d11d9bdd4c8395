import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PublicClient } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clearingContracts, parseClearingDeployment } from '../../../chain/clearing/index.ts'
import { applyClearing, applyDeployment, DeploymentFailedError, defaultClearingSettings } from '../../../chain/deploy/index.ts'
import { chainsAbi, ledgerAbi } from '../../../chain/generated/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import type { Deployment } from '../../../risk/types/index.ts'
import { artifacts, people, settings, startChain } from '../support.ts'

const LARGEST_CODE = 24_576

describe('applyClearing', () => {
  let local: LocalChain
  let protocol: Deployment
  beforeAll(async () => {
    local = await startChain()
    protocol = (
      await applyDeployment({ client: local.client, deployer: people.deployer, settings, artifacts, folder: null, confirmations: 1 })
    ).deployment
  })
  afterAll(() => local.close())
  const options = (folder: string | null, client: PublicClient = local.client) => ({
    client,
    deployer: people.deployer,
    protocol,
    settings: defaultClearingSettings,
    artifacts,
    folder,
    confirmations: 1,
  })

  test('deploys every contract, wires ledger and chains once, and every contract fits', async () => {
    const { contracts } = await applyClearing(options(null))
    for (const name of clearingContracts) {
      const code = await local.client.getCode({ address: contracts[name] })
      expect(code?.length, name).toBeGreaterThan(2)
      expect(((code?.length ?? 2) - 2) / 2, name).toBeLessThan(LARGEST_CODE)
    }
    const { vault, trading, settlement, liquidation, insuranceFund, deleveraging } = contracts
    expect(await local.client.readContract({ address: contracts.ledger, abi: ledgerAbi, functionName: 'modules' })).toEqual({
      vault,
      trading,
      settlement,
      liquidation,
      insuranceFund,
      deleveraging,
    })
    expect(await local.client.readContract({ address: contracts.chains, abi: chainsAbi, functionName: 'ledger' })).toBe(contracts.ledger)
    const again = { account: people.deployer, address: contracts.ledger, abi: ledgerAbi, functionName: 'wire' } as const
    await expect(
      local.client.simulateContract({ ...again, args: [{ vault, trading, settlement, liquidation, insuranceFund, deleveraging }] }),
    ).rejects.toThrow('Ledger_AlreadyWired')
  })

  test('continues where a lost line stopped it, and writes what it deployed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ballast-clearing-'))
    try {
      let sent = 0
      const request = async (args: { method: string; params?: unknown }): Promise<unknown> => {
        const answer = await (local.client.request as (args: unknown) => Promise<unknown>)(args)
        if (args.method === 'eth_sendRawTransaction' && ++sent >= 7) throw new Error('socket hang up')
        return answer
      }
      await expect(applyClearing(options(folder, { ...local.client, request } as PublicClient))).rejects.toThrow(DeploymentFailedError)
      const file = join(folder, `${protocol.chainId}.clearing.json`)
      expect(existsSync(file)).toBe(false)
      const deployed = await applyClearing(options(folder))
      expect(parseClearingDeployment(JSON.parse(readFileSync(file, 'utf8')))).toEqual(deployed)
      // A third call sends nothing and finds the same.
      const before = await local.client.getTransactionCount({ address: people.deployer.address })
      expect(await applyClearing(options(folder))).toEqual(deployed)
      expect(await local.client.getTransactionCount({ address: people.deployer.address })).toBe(before)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test.each([
    [{ schema: 'ballast.deployment' }, 'deployment.schema'],
    [{ chainId: 0 }, 'deployment.chainId'],
    [{ block: 7 }, 'deployment.block'],
    [{ extra: 1 }, 'deployment.extra'],
    [{ contracts: { ledger: '0x1' } }, 'deployment.contracts'],
    [{ contracts: { unknown: '0x1' } }, 'deployment.contracts.unknown'],
  ])('a record with %j is refused by the name of the field', (change, field) => {
    const address = '0x000000000000000000000000000000000000dEaD'
    const good = {
      schema: 'ballast.clearingDeployment',
      version: 1,
      chainId: 1,
      block: '0',
      contracts: Object.fromEntries(clearingContracts.map((name) => [name, address])),
    }
    expect(parseClearingDeployment(good).contracts.ledger).toBe(address)
    expect(() => parseClearingDeployment({ ...good, ...change })).toThrow(field)
  })
})
