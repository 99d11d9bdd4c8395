import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPublicClient, http, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { applyDeployment, parseDeployment } from '../../../chain/deploy/index.ts'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { createChainReader } from '../../../chain/read/index.ts'
import { projectRoot } from '../../../cli/context/projectRoot.ts'
import type { Deployment } from '../../../risk/types/index.ts'
import { artifacts, catalogue, genesis, people, settings } from '../../chain/support.ts'
import { runCli } from '../runCli.ts'

const SOURCE_ID = 31_402

describe('ballast deploy fork', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-fork-verb-'))
  let source: LocalChain
  let deployment: Deployment
  let child: ChildProcess
  let copy: string
  beforeAll(async () => {
    const privateKeys = Object.keys(people).map((_, i) => `0x${(0xba11 + i).toString(16).padStart(64, '0')}` as const)
    source = await startLocalChain({ initialTime: genesis, chainId: SOURCE_ID, port: 0, privateKeys })
    ;({ deployment } = await applyDeployment({ client: source.client, deployer: people.deployer, settings, artifacts, folder: null }))
    writeFileSync(join(folder, 'deployment.json'), JSON.stringify(deployment))
    const args = [
      'deploy',
      'fork',
      '--rpc',
      source.url ?? '',
      '--deployment',
      join(folder, 'deployment.json'),
      '--to',
      join(folder, 'copy'),
      '--port',
      '0',
    ]
    child = spawn(process.execPath, ['cli/main.ts', ...args, '--fund', people.stranger.address], {
      cwd: projectRoot,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    copy = await vi.waitFor(
      () => {
        const found = new RegExp(`Copy of chain ${SOURCE_ID} after block \\d+ as chain 31337: (\\S+)\\. .*Ctrl-C stops it`).exec(said)?.[1]
        if (found === undefined) throw new Error(said)
        return found
      },
      { timeout: 60_000 },
    )
  }, 120_000)
  afterAll(async () => {
    if (child.exitCode === null) child.kill('SIGKILL')
    await source.close()
    rmSync(folder, { recursive: true })
  })

  test('has contracts, accounts and the id of a local chain; the addresses are written with that id', async () => {
    const written = parseDeployment(JSON.parse(readFileSync(join(folder, 'copy/deployment.json'), 'utf8')))
    expect(written).toEqual({ ...deployment, chainId: 31_337 })
    const client = createPublicClient({ transport: http(copy) })
    expect(await client.getChainId()).toBe(31_337)
    expect(await client.getCode({ address: deployment.contracts.riskParameters })).toBe(
      await source.client.getCode({ address: deployment.contracts.riskParameters }),
    )
    // A call at the block of the copy, which the remote chain made.
    expect(await createChainReader(client, written, catalogue).readTime()).toBe(await source.time())
    const { code, out } = await runCli(['deploy', 'verify', '--rpc', copy, '--deployment', join(folder, 'copy/deployment.json'), '--json'])
    expect([7, JSON.parse(out).chainId]).toEqual([code, 31_337])
  })

  test('what happens on it stays there, and the account that was to be funded is', async () => {
    const client = createPublicClient({ transport: http(copy) })
    expect(await client.getBalance({ address: people.stranger.address })).toBe(parseEther('100'))
    const block = await source.client.getBlockNumber()
    const request = client.request as (call: { method: string; params: readonly unknown[] }) => Promise<unknown>
    await request({ method: 'hardhat_impersonateAccount', params: [people.alice.address] })
    await request({ method: 'eth_sendTransaction', params: [{ from: people.alice.address, to: people.stranger.address, value: '0x1' }] })
    expect(await client.getBlockNumber()).toBe(block + 1n)
    expect(await source.client.getBlockNumber()).toBe(block)
  })

  test('refuses an account that is none', async () => {
    const { code, err } = await runCli(['deploy', 'fork', '--rpc', copy, '--to', folder, '--fund', 'alice'])
    expect([code, err]).toEqual([2, expect.stringContaining('--fund is "alice"; it must be an address.')])
  })

  test('ends in order on Ctrl-C', async () => {
    child.kill('SIGINT')
    expect((await once(child, 'close'))[0]).toBe(0)
  })
})
