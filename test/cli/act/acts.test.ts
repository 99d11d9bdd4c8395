import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeFunctionData, parseEther } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeRule } from '../../../chain/codec/index.ts'
import { applyClearing, defaultClearingSettings } from '../../../chain/deploy/index.ts'
import { ballastTokenAbi, riskParametersAbi, surfaceOracleAbi } from '../../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId } from '../../../chain/ids/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import { createChainReader } from '../../../chain/read/index.ts'
import { sendCall } from '../../../chain/write/index.ts'
import type { Address, Deployment, Hex } from '../../../risk/types/index.ts'
import { submit } from '../../chain/rounds.ts'
import { artifacts, catalogue, deployed, firstRules, people } from '../../chain/support.ts'
import { ratified } from '../../proposals/support.ts'
import { type CliResult, runCli } from '../runCli.ts'

const scope = 'market:ETH'
const fee = 'liquidation.fee'
const range = 'margin.priceScanRange'
const cap = 'market.openInterestCap'
const HOUR = 3_600
type Person = keyof typeof people
const keyOf = (person: Person): Hex => `0x${(0xba11 + Object.keys(people).indexOf(person)).toString(16).padStart(64, '0')}`

let local: LocalChain
let deployment: Deployment
let folder: string
let start: Hex
beforeAll(async () => {
  ;({ local, deployment } = await deployed(0))
  // A holder with a hundredth of what the threshold asks for.
  const token = deployment.contracts.token as Address
  const give = encodeFunctionData({ abi: ballastTokenAbi, functionName: 'transfer', args: [people.deployer.address, parseEther('300')] })
  await sendCall(local.client, local.wallet(people.alice), { to: token, data: give })
  const own = encodeFunctionData({ abi: ballastTokenAbi, functionName: 'delegate', args: [people.deployer.address] })
  await sendCall(local.client, local.wallet(people.deployer), { to: token, data: own })
  await ratified(local, deployment)
  await local.mine((await local.time()) + HOUR)
  folder = mkdtempSync(join(tmpdir(), 'ballast-acts-'))
  writeFileSync(join(folder, 'deployment.json'), JSON.stringify(deployment))
  writeFileSync(join(folder, 'catalogue.json'), JSON.stringify(catalogue))
  start = await local.snapshot()
}, 60_000)
afterAll(async () => {
  await local.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  await local.revert(start)
  start = await local.snapshot()
})

const run = (args: string, as: Person = 'stranger', more: readonly string[] = []): Promise<CliResult> =>
  runCli([...args.split(' '), ...more, '--rpc', local.url ?? '', '--deployment', join(folder, 'deployment.json')], {
    folder,
    environment: { BALLAST_PRIVATE_KEY: keyOf(as) },
  })
const succeed = async (...given: Parameters<typeof run>): Promise<string> => {
  const { code, out, err } = await run(...given)
  expect(err).not.toContain('error:')
  expect(code).toBe(0)
  return out
}
/** The exit code of a refusal and everything it says. */
const refuse = async (...given: Parameters<typeof run>): Promise<{ code: number; err: string }> => {
  const before = await local.client.getBlockNumber()
  const { code, err } = await run(...given)
  expect(await local.client.getBlockNumber()).toBe(before)
  return { code, err }
}
const reading = () => createChainReader(local.client, deployment, catalogue).readScope(scope)
const parameter = async (id: string) => (await reading()).parameters.find((each) => each.id === id)
const wait = async (seconds: number): Promise<void> => local.mine((await local.time()) + seconds)
const asTimelock = async (data: Hex): Promise<void> => {
  const from = deployment.contracts.timelock
  await local.fund(from, 10n ** 18n)
  await local.request('hardhat_impersonateAccount', [from])
  await local.request('eth_sendTransaction', [{ from, to: deployment.contracts.riskParameters, data }])
}

describe('loosening', () => {
  beforeEach(async () => {
    await submit(local, deployment, scope, { [fee]: 290 })
  })

  test('a dry veto of the guardian says what it removes and sends nothing; the sent one removes it', async () => {
    expect(await succeed('loosening list')).toMatch(/liquidation\.fee +3 % \(300\) +2\.9 % \(290\).*waits +0 of 30000/)
    const dry = await refuse('loosening veto fee --market ETH', 'guardian')
    expect(dry.code).toBe(0)
    const { out } = await run('loosening veto fee --market ETH', 'guardian')
    expect(out).toContain('liquidation.fee: stays 3 % (300), the pending 2.9 % (290) is removed')
    expect(out).toContain('no loosening of liquidation.fee for 1 d')
    await succeed('loosening veto fee --market ETH --send --yes', 'guardian')
    expect((await parameter(fee))?.pending).toBeNull()
    expect(await succeed('loosening list')).toBe('Nothing pends.\n')
    const nothing = await refuse('loosening veto fee --market ETH --send --yes', 'guardian')
    expect(nothing).toMatchObject({ code: 4, err: expect.stringContaining('Nothing pends for liquidation.fee of market:ETH') })
  })

  test('holders veto together: the vote that reaches the threshold removes it, each votes once', async () => {
    const few = JSON.parse(await succeed('loosening veto fee --market ETH --json', 'deployer'))
    expect(few).toMatchObject({ act: 'veto', removes: false, votes: parseEther('300').toString(), sent: false })
    await succeed('loosening veto fee --market ETH --send --yes', 'deployer')
    expect(await succeed('loosening list')).toContain('300 of 30000')
    const again = await refuse('loosening veto fee --market ETH --send --yes', 'deployer')
    expect(again.code).toBe(6)
    expect(again.err).toContain('already cast')
    expect(again.err).toContain(`The guardian is ${people.guardian.address} until`)
    const enough = await succeed('loosening veto fee --market ETH --send --yes', 'carol')
    expect(enough).toContain('loosening vetoed')
    expect((await parameter(fee))?.pending).toBeNull()
  })

  test('somebody without votes is told who may; nothing is signed for them either', async () => {
    for (const more of ['', ' --send --yes', ' --sign-only']) {
      const { code, err } = await refuse(`loosening veto fee --market ETH${more}`, 'stranger')
      expect(code).toBe(6)
      expect(err).toContain(`${people.stranger.address} is not the guardian and had no votes at`)
      expect(err).toContain(`The guardian is ${people.guardian.address} until`)
      expect(err).toContain('Holders may, each once')
    }
  })

  test('a holder signs, somebody else sends; changed or late it is refused', async () => {
    await succeed('loosening veto fee --market ETH --sign-only --valid 1 --output veto.json', 'bob')
    const veto = JSON.parse(readFileSync(join(folder, 'veto.json'), 'utf8')) as Record<string, unknown>
    const write = (name: string, change: Record<string, unknown>): void =>
      writeFileSync(join(folder, name), JSON.stringify({ ...veto, ...change }))
    write('other.json', { voter: people.alice.address })
    const other = await refuse('loosening veto --signed other.json --send --yes')
    expect(other.err).toContain('bad signature')
    write('chain.json', { chainId: 1 })
    expect((await refuse('loosening veto --signed chain.json --send --yes')).err).toContain('on chain 1, not')
    write('old.json', { createdAt: (veto['createdAt'] as number) - 1 })
    expect((await refuse('loosening veto --signed old.json --send --yes')).err).toContain('It has to be signed again')
    write('more.json', { extra: true, signature: 'mine' })
    const malformed = await refuse('loosening veto --signed more.json')
    expect(malformed.code).toBe(3)
    expect(malformed.err).toContain('signature:')
    expect(malformed.err).toContain('extra')

    const before = await local.snapshot()
    await wait(HOUR + 60)
    expect((await refuse('loosening veto --signed veto.json --send --yes')).err).toContain('LooseningVeto refused: expired')
    await local.revert(before)
    expect(await succeed('loosening veto --signed veto.json --send --yes')).toContain('loosening vetoed')
  })

  test('execute: refused before its time with the time, after silence with the reason, then done by anyone; expired never', async () => {
    const early = await refuse('loosening execute fee --market ETH --send --yes')
    expect(early.code).toBe(6)
    expect(early.err).toContain('loosening not due')
    expect(early.err).toMatch(/waits until 2020-\d\d-\d\dT.*anyone may execute it while the lane is live, and this one is live/)
    const silent = await run('loosening execute fee --market ETH --advance --send --yes')
    expect(silent.code).toBe(6)
    expect(silent.err).toContain('heartbeat stale')
    await submit(local, deployment, scope, {})
    const before = await local.snapshot()
    expect(await succeed('loosening execute fee --market ETH')).toContain('liquidation.fee: 3 % (300) → 2.9 % (290)')
    await succeed('loosening execute fee --market ETH --send --yes')
    expect((await parameter(fee))?.state.value).toBe(290)
    await local.revert(before)
    await wait(48 * HOUR)
    await submit(local, deployment, scope, {})
    const late = await refuse('loosening execute fee --market ETH --send --yes')
    expect(late.err).toContain('expired at')
    expect(await succeed('loosening list --json')).toContain('"state":"expired"')
  })

  test('a Safe that is the guardian gets the call as a file; on a local chain any account can be tried', async () => {
    const batch = JSON.parse(await succeed(`loosening veto fee --market ETH --safe ${people.guardian.address}`))
    expect(batch.transactions).toMatchObject([{ to: deployment.contracts.looseningVeto, value: '0' }])
    await succeed(`loosening veto fee --market ETH --from ${people.guardian.address} --send --yes`)
    expect((await parameter(fee))?.pending).toBeNull()
  })
})

describe('param undo', () => {
  beforeEach(async () => {
    await submit(local, deployment, scope, { [range]: 2_500 })
  })

  test('the steward signs, the guardian signs and sends; the value is back and the lane may only tighten', async () => {
    const signed = await run('param undo priceScanRange --market ETH --sign-only --output undo.json', 'steward')
    expect(signed.code).toBe(0)
    expect(signed.err).toContain('margin.priceScanRange of market:ETH: 25 % (2500) → 21 % (2100)')
    expect(signed.err).toContain('by the controller, in a signed round')
    const half = await refuse('param undo --signed undo.json --send --yes', 'stranger')
    expect(half).toMatchObject({ code: 2, err: expect.stringContaining('The signature of the guardian is missing') })
    expect(half.err).toContain(`Stewards are ${people.steward.address}`)
    await succeed('param undo --signed undo.json', 'guardian')
    expect((await parameter(range))?.state.value).toBe(2_500)
    await succeed('param undo --signed undo.json --send --yes', 'guardian')
    const after = await reading()
    expect(after.parameters.find(({ id }) => id === range)?.state.value).toBe(2_100)
    expect(after.lane.powers.loosens).toBe(false)
  })

  test('the guardian signs first, the steward adds, a stranger sends; once', async () => {
    await succeed('param undo priceScanRange --market ETH --entry 1 --sign-only --output one.json', 'guardian')
    await succeed('param undo --signed one.json --sign-only --output both.json', 'steward')
    await succeed('param undo --signed both.json --send --yes', 'stranger')
    expect((await parameter(range))?.state.value).toBe(2_100)
    const again = await refuse('param undo --signed both.json --send --yes', 'stranger')
    expect(again.code).toBe(6)
  })

  test('nobody else signs, one signature is not enough, and a forged one is refused', async () => {
    const stranger = await refuse('param undo priceScanRange --market ETH --sign-only', 'stranger')
    expect(stranger).toMatchObject({ code: 6, err: expect.stringContaining('is neither the guardian nor a steward') })
    const alone = await refuse('param undo priceScanRange --market ETH --send --yes', 'guardian')
    expect(alone.code).toBe(6)
    expect(alone.err).toContain('A steward and the guardian sign, two accounts')
    await succeed('param undo priceScanRange --market ETH --sign-only --output undo.json', 'steward')
    const undo = JSON.parse(readFileSync(join(folder, 'undo.json'), 'utf8')) as { steward: { data: Hex } }
    const forged = { ...undo, guardian: { signer: people.guardian.address, data: undo.steward.data } }
    writeFileSync(join(folder, 'forged.json'), JSON.stringify(forged))
    expect((await refuse('param undo --signed forged.json --send --yes', 'stranger')).err).toContain('bad signature')
  })

  test('after the window, and for an entry that is no tightening, the store is asked before anybody signs', async () => {
    const none = await refuse('param undo priceScanRange --market ETH --entry 7 --sign-only', 'steward')
    expect(none).toMatchObject({ code: 4, err: expect.stringContaining('the entries 0 to 1') })
    expect((await refuse('param undo fee --market ETH --sign-only', 'steward')).code).toBe(4)
    await wait(24 * HOUR + 60)
    const late = await refuse('param undo priceScanRange --market ETH --sign-only', 'steward')
    expect(late.code).toBe(6)
    expect(late.err).toMatch(/undo too late \(.*until 2020-/)
  })
})

describe('param tighten', () => {
  const stated = (impact: string, accounts: number, value = '26 %'): readonly string[] => [
    '--set',
    `priceScanRange=${value}`,
    '--impact',
    impact,
    '--impact-accounts',
    String(accounts),
  ]

  test('within the limits the steward sends alone', async () => {
    const dry = await succeed('param tighten --market ETH', 'steward', stated('1,000 USD', 1))
    expect(dry).toContain('margin.priceScanRange of market:ETH: 21 % (2100) → 26 % (2600), +23.8 %')
    expect(dry).toContain('a steward sends alone up to 1,000,000 USD and 20 accounts')
    await succeed('param tighten --market ETH --send --yes', 'steward', stated('1,000 USD', 1))
    expect((await parameter(range))?.state.value).toBe(2_600)
  })

  test('above them the guardian signs the file that the steward prepared', async () => {
    const alone = await refuse('param tighten --market ETH --send --yes', 'steward', stated('2,000,000 USD', 1))
    expect(alone.code).toBe(6)
    expect(alone.err).toContain('guardian required')
    expect(alone.err).toContain("above with the guardian's signature")
    await succeed('param tighten --market ETH --prepare --output tighten.json', 'steward', stated('2,000,000 USD', 1))
    expect((await refuse('param tighten --signed tighten.json --sign-only', 'stranger')).err).toContain('is not the guardian')
    await succeed('param tighten --signed tighten.json --sign-only --output signed.json', 'guardian')
    const wrong = await refuse('param tighten --signed signed.json --send --yes', 'stranger')
    expect(wrong).toMatchObject({ code: 6, err: expect.stringContaining(`Stewards are ${people.steward.address}`) })
    const before = await local.snapshot()
    await wait(HOUR + 60)
    expect((await refuse('param tighten --signed signed.json --send --yes', 'steward')).err).toContain('expired')
    await local.revert(before)
    await succeed('param tighten --signed signed.json --send --yes', 'steward')
    expect((await parameter(range))?.state.value).toBe(2_600)
  })

  test('what the store would reject is named with its limit and not sent', async () => {
    const loosens = await refuse('param tighten --market ETH --send --yes', 'steward', stated('0 USD', 0, '20 %'))
    expect(loosens.code).toBe(6)
    expect(loosens.err).toMatch(/margin\.priceScanRange to 20 % \(2000\): a steward only tightens, and only parameters of class risk/)
    const step = await refuse('param tighten --market ETH --send --yes', 'steward', stated('0 USD', 0, '40 %'))
    expect(step.err).toContain('step too large, limit 10.5 % (1050)')
  })

  test('slips are named: no impact, no value, two scopes of words, a unit', async () => {
    expect((await refuse('param tighten --market ETH --set priceScanRange=2600bps', 'steward')).err).toContain('states what it liquidates')
    expect((await refuse('param tighten --market ETH', 'steward')).err).toContain('No value is given')
    expect((await refuse('param tighten --market ETH', 'steward', stated('0 USD', 0, '26'))).err).toContain('a share such as 26 %')
    expect((await refuse('param tighten --signed x.json --market ETH', 'steward', stated('0 USD', 0))).err).toContain('names scope, values')
  })
})

describe('param restrict, walk, activate', () => {
  test('steward and guardian restrict loosening; a stranger and a wider rule are refused', async () => {
    const rule = ['--rule', 'loosenCooldown=48 h', '--rule', 'loosenStep=5 %']
    const stranger = await refuse('param restrict priceScanRange --market ETH --send --yes', 'stranger', rule)
    expect(stranger).toMatchObject({ code: 6, err: expect.stringContaining('A steward or the guardian may.') })
    expect(await succeed('param restrict priceScanRange --market ETH', 'guardian', rule)).toContain('loosenCooldown: 1 d → 2 d')
    await succeed('param restrict priceScanRange --market ETH --send --yes', 'guardian', rule)
    expect((await parameter(range))?.rule).toMatchObject({ loosenCooldown: 2_880, loosenStepBps: 500 })
    const wider = await refuse('param restrict priceScanRange --market ETH', 'steward', ['--rule', 'loosenStep=9 %'])
    expect(wider).toMatchObject({ code: 2, err: expect.stringContaining('loosenStep: 5 % → 9 %') })
    expect((await refuse('param restrict fee --market ETH', 'steward', ['--rule', 'loosenStop=9 %'])).err).toContain(
      'Did you mean loosenStep?',
    )
  })

  test('anyone walks after the silence, not before, and not past the baseline', async () => {
    await submit(local, deployment, scope, { [cap]: 52_000 })
    await wait(24 * HOUR)
    await submit(local, deployment, scope, {})
    await succeed('loosening execute openInterestCap --market ETH --send --yes')
    const early = await refuse('param walk openInterestCap --market ETH --send --yes')
    expect(early.code).toBe(6)
    expect(early.err).toContain('not silent')
    expect(early.err).toContain('Anyone may once the lane has been silent until')
    await wait(25 * HOUR)
    expect(await succeed('param walk openInterestCap --market ETH')).toContain(
      'market.openInterestCap: 52,000 contracts → 50,000 contracts, -3.8 %',
    )
    await succeed('param walk openInterestCap --market ETH --send --yes')
    expect((await parameter(cap))?.state.value).toBe(50_000)
    expect((await refuse('param walk openInterestCap --market ETH')).err).toContain('not tighter')
  })

  test('anyone activates a rule of the DAO, once its delay has passed', async () => {
    expect((await refuse('param activate priceScanRange --market ETH')).code).toBe(4)
    const rule = { ...firstRules[range]!.rule, ceiling: 6_000 as never }
    const args = [encodeScopeId(scope), [encodeParamId(range)], [encodeRule(rule)], [0n]] as const
    await asTimelock(encodeFunctionData({ abi: riskParametersAbi, functionName: 'setRules', args }))
    const early = await refuse('param activate priceScanRange --market ETH --send --yes')
    expect(early).toMatchObject({ code: 6, err: expect.stringMatching(/rule not due.*\nAnyone may from 2020-/) })
    const done = await succeed('param activate priceScanRange --market ETH --advance --send --yes')
    expect(done).toContain('rule in force')
    expect((await parameter(range))?.rule.ceiling).toBe(6_000)
  })
})

describe('controller pause, revoke, check-impact', () => {
  test('the guardian stops a lane; a stranger is told who may', async () => {
    const stranger = await refuse('controller pause --scope market:ETH --send --yes', 'stranger')
    expect(stranger).toMatchObject({ code: 6, err: expect.stringContaining(`The guardian is ${people.guardian.address}`) })
    await succeed('controller pause --scope market:ETH --tighten-only --send --yes', 'guardian')
    expect((await reading()).lane.mode).toBe('tightenOnly')
    expect(await succeed('controller pause --scope market:ETH', 'guardian')).toContain('tightenOnly → paused')
    await succeed('controller pause --scope market:ETH --send --yes', 'guardian')
    const twice = await refuse('controller pause --scope market:ETH --send --yes', 'guardian')
    expect(twice.err).toContain('the lane is paused')
  })

  test('the guardian voids the epoch: keys and pendings are named before, gone after; not after its term', async () => {
    await submit(local, deployment, scope, { [fee]: 290 })
    expect((await refuse('controller revoke --send --yes', 'steward')).err).toContain('The guardian or the DAO may.')
    const dry = await succeed('controller revoke', 'guardian')
    expect(dry).toContain('epoch 1 → 2')
    expect(dry).toContain(`engine ${people.engineA.address} counts no more`)
    expect(dry).toContain('void: the loosening of liquidation.fee of market:ETH, 3 % (300) to 2.9 % (290)')
    const before = await local.snapshot()
    await succeed('controller revoke --send --yes', 'guardian')
    expect((await reading()).lane.epoch).toBe(2)
    expect(await succeed('loosening list --json')).toContain('"state":"void"')
    await local.revert(before)
    await wait(200 * 24 * HOUR)
    const late = await refuse('controller revoke --send --yes', 'guardian')
    expect(late).toMatchObject({ code: 6, err: expect.stringContaining('There is no guardian: the term ended at') })
  })

  test('the guardian voids the signers of surfaces, a stranger cannot; without clearing it says so', { timeout: 60_000 }, async () => {
    const { contracts, ...clearing } = await applyClearing({
      client: local.client,
      deployer: people.deployer,
      protocol: deployment,
      settings: defaultClearingSettings,
      artifacts,
      folder: null,
      confirmations: 1,
    })
    expect(await refuse('controller revoke --surface', 'guardian')).toMatchObject({ code: 4, err: expect.stringContaining('--clearing') })
    writeFileSync(join(folder, 'clearing.json'), JSON.stringify({ ...clearing, contracts }))
    const more = ['--clearing', 'clearing.json']
    const stranger = await refuse('controller revoke --surface --send --yes', 'stranger', more)
    expect(stranger).toMatchObject({ code: 6, err: expect.stringContaining(`The guardian is ${people.guardian.address}`) })
    expect(await succeed('controller revoke --surface', 'guardian', more)).toContain('epoch 0 → 1 of the surface')
    await succeed('controller revoke --surface --send --yes', 'guardian', more)
    const at = { address: contracts.surfaceOracle, abi: surfaceOracleAbi, functionName: 'epoch' } as const
    expect(await local.client.readContract(at)).toBe(1)
    expect((await refuse('controller revoke', 'guardian', more)).err).toContain('--clearing goes with --surface')
  })

  test('check-impact without a meter is refused with its reason', async () => {
    const { code, err } = await refuse('controller check-impact --scope market:ETH --send --yes')
    expect(code).toBe(6)
    expect(err).toContain('no meter reading')
    expect(err).toContain('Anyone may, while liquidations')
  })
})
