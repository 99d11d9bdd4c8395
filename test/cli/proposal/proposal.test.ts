import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keccak256, stringToHex } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LocalChain } from '../../../chain/local/index.ts'
import type { Deployment, Hex } from '../../../risk/types/index.ts'
import { catalogue, people } from '../../chain/support.ts'
import { draftText, governedChain } from '../../proposals/pipelineSupport.ts'
import { type CliResult, runCli } from '../runCli.ts'

const keyOf = (n: number): Hex => `0x${(0xba11 + n).toString(16).padStart(64, '0')}`
const keys = { alice: keyOf(1), bob: keyOf(2), carol: keyOf(3), guardian: keyOf(8), stranger: keyOf(9) }
const fee = (percent: string, more = `proposer: "${people.alice.address}"\n`): string =>
  draftText(`  - do: setValues\n    scope: market:ETH\n    values:\n      liquidation.fee: ${percent}\n`, more)

let local: LocalChain
let deployment: Deployment
let folder: string
let start: Hex
beforeAll(async () => {
  const chain = await governedChain()
  ;({ local, deployment } = chain)
  folder = mkdtempSync(join(tmpdir(), 'ballast-proposal-'))
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

const run = (args: string, as: keyof typeof keys = 'stranger', more: readonly string[] = []): Promise<CliResult> =>
  runCli([...args.split(' '), ...more, '--rpc', local.url ?? '', '--deployment', join(folder, 'deployment.json')], {
    folder,
    environment: { BALLAST_PRIVATE_KEY: keys[as] },
  })
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return name
}
/** Id of a proposal that was submitted through the command line. */
const submitted = async (percent = '4 %'): Promise<string> => {
  const { out, err, code } = await run(`proposal submit ${write('draft.yaml', fee(percent))} --send --yes --json`, 'alice')
  expect(err).not.toContain('error')
  expect(code).toBe(0)
  return (JSON.parse(out) as { proposalId: string }).proposalId
}

describe('from a draft to its execution', () => {
  test('submit, vote by key, by signature and by another, queue, execute', { timeout: 90_000 }, async () => {
    const id = await submitted()
    expect((await run(`proposal vote ${id} for --send --yes`, 'alice')).err).toContain('it is pending, not active')
    expect((await run(`proposal vote ${id} for --reason measured --advance --send --yes`, 'alice')).code).toBe(0)

    const ballot = join(folder, 'ballot.json')
    expect((await run(`proposal vote ${id} against --reason thin --sign-only --output ${ballot}`, 'bob')).code).toBe(0)
    const relayed = await run(`proposal vote --ballot ${ballot} --send --yes`, 'stranger')
    expect(relayed.code).toBe(0)
    expect(relayed.out).toContain(`${people.bob.address} voted against`)
    // The nonce is used: the same ballot does not count twice.
    expect((await run(`proposal vote --ballot ${ballot} --send --yes`, 'stranger')).code).toBe(6)
    const shown = JSON.parse((await run(`proposal show ${id} --json`)).out)
    expect(shown).toMatchObject({ state: 'active', votes: { for: '600000000000000000000000', against: '300000000000000000000000' } })

    expect((await run(`proposal queue ${id} --advance --send --yes`)).code).toBe(0)
    expect((await run(`proposal execute ${id} --send --yes`)).err).toContain('It may be from')
    expect((await run(`proposal execute ${id} --advance --send --yes`)).code).toBe(0)
    expect((await run('proposal list --ndjson')).out).toContain('"state":"executed"')
    const checked = JSON.parse((await run(`proposal check ${id} --json`)).out)
    expect(checked.verdict).toMatch(/^passed/)
  })

  test('a forged ballot is refused by the governor, one for another chain before it is sent', { timeout: 60_000 }, async () => {
    const id = await submitted()
    const file = join(folder, 'forged.json')
    await run(`proposal vote ${id} against --sign-only --output ${file}`, 'carol')
    const ballot = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    write('forged.json', JSON.stringify({ ...ballot, support: 'for' }))
    expect((await run('proposal vote --ballot forged.json --advance --send --yes')).code).toBe(6)
    write('forged.json', JSON.stringify({ ...ballot, chainId: 1 }))
    const elsewhere = await run('proposal vote --ballot forged.json --send --yes')
    expect(elsewhere.code).toBe(1)
    expect(elsewhere.err).toContain('on chain 1, not')
  })

  test('the proposer cancels before voting begins; a stranger cannot', { timeout: 60_000 }, async () => {
    const id = await submitted()
    expect((await run(`proposal cancel ${id} --send --yes`, 'stranger')).code).toBe(6)
    expect((await run(`proposal cancel ${id} --send --yes`, 'alice')).code).toBe(0)
    expect((await run('proposal list --live')).out).toBe('There is no proposal.\n')
  })

  test('the guardian cancels what the vote has queued; the proposer no longer can, and is told who may', { timeout: 60_000 }, async () => {
    const id = await submitted()
    expect((await run(`proposal vote ${id} for --advance --send --yes`, 'alice')).code).toBe(0)
    expect((await run(`proposal queue ${id} --advance --send --yes`)).code).toBe(0)
    const refused = await run(`proposal cancel ${id} --send --yes`, 'alice')
    expect(refused.code).toBe(6)
    expect(refused.err).toContain('The guardian may at any stage, the proposer before voting begins.')
    expect(refused.err).toContain(people.guardian.address)
    expect((await run(`proposal cancel ${id} --send --yes`, 'guardian')).code).toBe(0)
    expect((await run(`proposal execute ${id} --advance --send --yes`)).err).toContain('it is canceled')
  })

  test('without --send nothing is sent; without a terminal and --yes nobody is asked', { timeout: 60_000 }, async () => {
    const before = await local.client.getBlockNumber()
    const dry = await run(`proposal submit ${write('draft.yaml', fee('4 %'))}`, 'alice')
    expect(dry.out).toContain('Nothing was sent; add --send.')
    expect((await run('proposal submit draft.yaml --send', 'alice')).err).toContain('Add --yes')
    expect(await local.client.getBlockNumber()).toBe(before)
  })
})

describe('drafts and reports', () => {
  test('a template writes a draft that passes as it is, in a folder of its own, once', { timeout: 60_000 }, async () => {
    const made = await run('proposal draft set-values --scope market:ETH --folder out', 'alice', [
      '--set',
      'fee=4 %',
      '--title',
      'Raise the fee',
      '--why',
      'Measured costs rose.',
    ])
    expect(made.err).not.toContain('error')
    expect(made.out).toContain('liquidation.fee: 4 % # live 3 %, range 1 % to 6 %')
    const file = 'out/2020-02-10-raise-the-fee/draft.yaml'
    expect((await run(`proposal check ${file}`)).code).toBe(0)
    expect((await run('proposal draft set-values --scope market:ETH --folder out', 'alice', ['--title', 'Raise the fee'])).err).toContain(
      'exists already',
    )
    expect((await run('proposal draft set-value')).err).toContain('did you mean set-values')
  })

  test.each(['set-rules', 'open-mandate', 'renew-mandate', 'revoke-mandate', 'change-engines', 'appoint-guardian'])(
    'the template %s is a draft',
    async (template) => {
      const { code, out } = await run(`proposal draft ${template} --folder ${template} --json`)
      expect(code).toBe(0)
      const { file } = JSON.parse(out) as { file: string }
      // A rule or a set of engines without any change is refused where nothing changes, and only there.
      const decoded = await run(`proposal decode ${file}`)
      expect(decoded.err === '' || /rule in force already/.test(decoded.err)).toBe(true)
    },
  )

  test('two reports at one block have the same bytes; the page runs no script', { timeout: 60_000 }, async () => {
    const text = fee('4 %').replace('Because it is measured.', 'Because </style>&amp; "quotes" are text.')
    write('draft.yaml', text.replace('</style>', ''))
    const names = ['report.md', 'report.html', 'report.json', 'diff.md']
    const once = async (name: string): Promise<string[]> => {
      expect((await run(`proposal report draft.yaml --folder ${name}`)).code).toBe(0)
      return names.map((file) => readFileSync(join(folder, name, file), 'utf8'))
    }
    const first = await once('one')
    expect(await once('two')).toEqual(first)
    const page = first[1] ?? ''
    expect(page).toContain("default-src 'none'")
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)|javascript:/)
    expect(page).toContain('&amp;amp; &quot;quotes&quot;')
  })

  test('a draft that fails is not submitted: exit code 7 and the name of the check', { timeout: 60_000 }, async () => {
    const bad = write(
      'bad.yaml',
      draftText(`  - do: call\n    target: "${deployment.contracts.timelock}"\n    abi: function updateDelay(uint256 x)\n    args: [0]\n`),
    )
    const { code, err } = await run(`proposal submit ${bad} --send --yes`, 'alice')
    expect(code).toBe(7)
    expect(err).toContain('roles-and-delays')
    expect((await run('proposal list --live')).out).toBe('There is no proposal.\n')
  })

  test('a draft with a mistake names its line; a file and an id that do not exist are not found', async () => {
    const { code, err } = await run(`proposal check ${write('typo.yaml', fee('4 %').replace('liquidation.fee', 'liquidation.fees'))}`)
    expect(code).toBe(7)
    expect(err).toMatch(/typo\.yaml:10:7: .*did you mean liquidation\.fee\?/)
    expect((await run('proposal check nothing.yaml')).code).toBe(4)
    expect((await run('proposal show 12345')).code).toBe(4)
  })

  test('decode tells what it does not understand, with exit code 7', async () => {
    const unknown = await run(`proposal decode 0xdeadbeef00 --target ${deployment.contracts.riskParameters}`)
    expect(unknown.code).toBe(7)
    expect(unknown.out).toContain('riskParameters has no function with selector 0xdeadbeef')
  })
})

describe('a Safe', () => {
  test('gets the call in a file with the checksum of the Transaction Builder', { timeout: 60_000 }, async () => {
    write('draft.yaml', fee('4 %'))
    const safe = people.carol.address
    const { out, code } = await run(`proposal submit draft.yaml --safe ${safe} --json`, 'alice')
    expect(code).toBe(0)
    const batch = JSON.parse(out) as { meta: Record<string, unknown>; transactions: readonly { to: string; value: string }[] }
    expect(batch).toMatchObject({ version: '1.0', chainId: '31337', meta: { createdFromSafeAddress: safe } })
    expect(batch.transactions).toMatchObject([{ to: deployment.contracts.governor, value: '0' }])
    const { checksum, ...meta } = batch.meta
    expect(keccak256(stringToHex(builderText({ ...batch, meta: { ...meta, name: null } })))).toBe(checksum)
  })
})

/** The serialisation of the builder, written from its description: sorted keys as JSON, then each value and a comma. */
function builderText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(builderText).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${JSON.stringify(entries.map(([key]) => key))}${entries.map(([, each]) => `${builderText(each)},`).join('')}}`
}

describe('delegation', () => {
  test('set by key and by a signature that somebody else sends; shown with shares', { timeout: 60_000 }, async () => {
    expect((await run(`delegate set ${people.alice.address} --send --yes`, 'carol')).code).toBe(0)
    const file = join(folder, 'delegation.json')
    expect((await run(`delegate set ${people.carol.address} --sign-only --output ${file}`, 'bob')).code).toBe(0)
    expect((await run(`delegate set --signed ${file} --send --yes`, 'stranger')).out).toContain(
      `${people.bob.address} delegates to ${people.carol.address}`,
    )
    const { out } = await run('delegate show')
    expect(out).toMatch(new RegExp(`${people.alice.address} +700000 +70\\.00 %\\n${people.carol.address} +300000 +30\\.00 %`))
    expect((await run(`delegate show ${people.stranger.address}`)).out).toContain('these tokens do not vote')
  })

  test('an account of a local chain acts by its rank; nobody has rank 9', async () => {
    expect((await run(`delegate set ${people.bob.address} --from delegate:1 --send --yes`)).out).toContain(
      `delegated to ${people.bob.address}`,
    )
    expect((await run(`delegate set ${people.bob.address} --from delegate:9 --send --yes`)).code).toBe(2)
  })
})
