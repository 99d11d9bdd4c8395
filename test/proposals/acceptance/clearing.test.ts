import { encodeFunctionData, type Hex, parseEther } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ledgerAbi, settlementOracleAbi, vaultAbi } from '../../../chain/generated/index.ts'
import { encodeScopeId } from '../../../chain/ids/index.ts'
import { sendCall } from '../../../chain/write/index.ts'
import type { BuildContext } from '../../../proposals/actions/index.ts'
import { type CheckResult, runChecks } from '../../../proposals/checks/index.ts'
import { decodeCall, describeCall } from '../../../proposals/decode/index.ts'
import { parseDraft } from '../../../proposals/draft/index.ts'
import { encodeProposal } from '../../../proposals/encode/index.ts'
import { expectedChanges } from '../../../proposals/expect/index.ts'
import type { Examination } from '../../../proposals/pipeline/index.ts'
import { draftTemplates, writeDraft } from '../../../proposals/templates/index.ts'
import { people } from '../../chain/support.ts'
import { built, directoryOf, draftText, examined, failedChecks } from '../pipelineSupport.ts'
import { clearingContext, type GovernedClearing, GRIDS, governedClearing } from './clearingSupport.ts'

const HOUR = 3_600
const DAY = 24 * HOUR
const eth = encodeScopeId('market:ETH')
const group = encodeScopeId('group:MAIN')
const grids = JSON.stringify(GRIDS.map(({ first, spacing, nearSpacing, nodes }) => [first, spacing, nearSpacing, nodes]))
const GRID = '(int32,uint32,uint32,uint8)[3]'

describe('acts of the DAO in clearing', () => {
  let world: GovernedClearing
  let context: BuildContext
  let start: Hex
  let base: Examination
  beforeAll(async () => {
    world = await governedClearing()
    base = await examine('  - do: setValues\n    scope: market:ETH\n    values:\n      trading.fee: 0.04 %\n')
    expect(failedChecks(base)).toEqual([])
    start = await world.local.snapshot()
  }, 180_000)
  afterAll(() => world.local.close())
  beforeEach(async () => {
    await world.local.revert(start)
    start = await world.local.snapshot()
    await world.writePrices()
    context = await clearingContext(world)
  })

  const call = (contract: keyof GovernedClearing['clearing']['contracts'], abi: string, args: string): string =>
    `  - do: call\n    target: "${world.clearing.contracts[contract]}"\n    abi: function ${abi}\n    args: ${args}\n`
  const examine = async (actions: string): Promise<Examination> => {
    context = await clearingContext(world)
    return examined(world.local, context, await built(draftText(actions, `proposer: "${people.alice.address}"\n`), context), [])
  }
  /** The checks over another draft's calls; those that need its simulation see that of a draft that sets a fee. */
  const onPaper = async (actions: string): Promise<readonly CheckResult[]> => {
    const draft = await built(draftText(actions, `proposer: "${people.alice.address}"\n`), context)
    const calls = draft.draft.actions.map((action) => decodeCall(action, directoryOf(context, draft)))
    const expectation = expectedChanges(base.simulation.before, calls, draft.effects)
    const own = { proposer: draft.proposer, effects: draft.effects }
    return runChecks({ ...base, state: context.state, proposal: encodeProposal(draft.draft), calls, expectation, draft: own })
  }
  const changesOf = ({ simulation }: Examination): Record<string, string | null> =>
    Object.fromEntries(simulation.changes.filter(({ path }) => path.startsWith('clearing/')).map(({ path, after }) => [path, after]))
  const warningsOf = ({ checks }: Examination): string => checks.find(({ name }) => name === 'clearing')?.warnings.join('\n') ?? ''
  const errorsOf = ({ checks }: Pick<Examination, 'checks'>): string =>
    checks.find(({ name }) => name === 'clearing')?.errors.join('\n') ?? ''

  describe('good ones pass every check, and change what they say', () => {
    test('a new market: parameters, feed, listing, group and limits of its surface, in one proposal', { timeout: 120_000 }, async () => {
      const [one, two] = world.sources.sol
      const found = await examine(
        `  - do: list\n    contents: SOL\n    scopes: ["market:SOL"]\n` +
          `  - do: listFeed\n    market: market:SOL\n    sources:\n      - { aggregator: "${two}", decimals: 8, heartbeat: 60 s }\n      - { aggregator: "${one}", decimals: 8, heartbeat: 60 s }\n    quorum: 2\n    maxDeviation: 1 %\n    price: 150 USD\n` +
          call('chains', `listMarket(bytes32 scope, ${GRID} grids)`, `["${encodeScopeId('market:SOL')}", ${grids}]`) +
          '  - do: setSurfaceLimits\n    market: market:SOL\n    limits: { volStep: 20 %, volPerHour: 20 %, forwardStep: 1 %, forwardPerHour: 1 %, firstVol: 100 %, firstForward: 10 %, spot: 2 %, referenceVol: 80 % }\n' +
          call('collaterals', 'admitMarket(bytes32 group, uint16 market)', `["${group}", 2]`),
      )
      expect(failedChecks(found)).toEqual([])
      expect(changesOf(found)).toMatchObject({
        'clearing/feed/market:SOL/quorum': '2',
        'clearing/feed/market:SOL/last': parseEther('150').toString(),
        'clearing/market/2/scope': 'market:SOL',
        'clearing/market/2/group': 'group:MAIN',
        'clearing/surface/market:SOL/referenceVol': parseEther('0.8').toString(),
      })
      // Two days of voting pass on the copy; the sources that live now go on there, and the report says so.
      expect(found.simulation.keptFresh).toEqual(expect.arrayContaining([...world.sources.eth, ...world.sources.sol]))
    })

    test('collateral with its haircut, another group, signers, limits, sequencer: what loosens is named', {
      timeout: 120_000,
    }, async () => {
      const [token, cash] = [await world.newToken(), await world.newToken()]
      const found = await examine(
        '  - do: list\n    contents: SOL\n    scopes: ["asset:SOL"]\n' +
          `  - do: listCollateral\n    group: group:MAIN\n    token: "${token}"\n    asset: asset:SOL\n    feed: market:ETH\n` +
          `  - do: list\n    contents: SIDE\n  - do: openGroup\n    group: group:SIDE\n    token: "${cash}"\n` +
          `  - do: setSurfaceSigners\n    signers: ["${people.stranger.address}", "${people.bob.address}", "${people.carol.address}"]\n    threshold: 2\n` +
          '  - do: setSurfaceLimits\n    market: market:ETH\n    limits:\n      volStep: 30 %\n' +
          call('priceFeed', 'setSequencer(address feed, uint32 grace)', `["${people.stranger.address}", 3600]`),
      )
      expect(failedChecks(found)).toEqual([])
      expect(warningsOf(found)).toContain('market:ETH: signers may move further: volStep from 2000 to 3000 bps.')
      expect(changesOf(found)).toEqual({
        'clearing/group/group:MAIN/collateral/0': `${token}, market 0, asset:SOL, priced as market:ETH`,
        'clearing/group/group:SIDE/cash': cash,
        'clearing/group/group:SIDE/halted': 'false',
        'clearing/surface/epoch': '2',
        'clearing/surface/signers': expect.stringContaining(people.stranger.address),
        'clearing/surface/market:ETH/volStep': '3000',
        'clearing/sequencer/feed': people.stranger.address,
        'clearing/sequencer/grace': '3600',
      })
    })

    test('grids, a chain whose blob is no strange code, a settlement, the end of a halt, the keys of the surface voided', {
      timeout: 120_000,
    }, async () => {
      const { local, clearing } = world
      await halt(world)
      const settled = Math.floor(context.state.time / HOUR) * HOUR
      const poke = encodeFunctionData({ abi: settlementOracleAbi, functionName: 'poke', args: [eth, settled] })
      await sendCall(local.client, local.wallet(people.alice), { to: clearing.contracts.settlementOracle, data: poke })
      const expiry = (Math.floor(context.state.time / DAY) + 60) * DAY + 8 * HOUR
      const steeper = JSON.stringify(GRIDS.map(({ first, spacing, nearSpacing, nodes }) => [first - 10_000, spacing, nearSpacing, nodes]))
      const found = await examine(
        call('chains', `setGrids(uint16 market, ${GRID} grids)`, `[1, ${steeper}]`) +
          call(
            'chains',
            'listChain(uint16 market, uint40 expiry, uint8 kind, uint128 tick, uint32[] multiples)',
            `[1, ${expiry}, 0, "100000000000000000000", [28, 30, 32]]`,
          ) +
          `  - do: settle\n    market: market:ETH\n    expiry: ${new Date(settled * 1_000).toISOString().replace(':00.000Z', 'Z')}\n    price: 3,000 USD\n` +
          '  - do: resumeGroup\n    group: group:MAIN\n' +
          call('surfaceOracle', 'revokeEpoch()', '[]'),
      )
      expect(failedChecks(found)).toEqual([])
      expect(changesOf(found)).toEqual({
        'clearing/market/1/grids': expect.stringContaining('-647500 25000 12500 48'),
        'clearing/chain/1': `market 1, expiry ${expiry}, kind 0, tick ${10n ** 20n}, strikes 28 30 32`,
        [`clearing/settlement/market:ETH/${settled}`]: parseEther('3000').toString(),
        'clearing/group/group:MAIN/halted': 'false',
        'clearing/surface/epoch': '2',
        'clearing/surface/signers': 'none',
        'clearing/surface/threshold': '0',
      })
      expect(found.checks.find(({ name }) => name === 'touched-contracts')?.info.join()).toMatch(/chains creates 0x/)
      expect(warningsOf(found)).toContain('The vote chooses the settlement price')
    })
  })

  describe('bad ones are refused by the check that is there for it', () => {
    const bad: readonly (readonly [name: string, actions: () => string, sentence: RegExp])[] = [
      [
        'a feed of a market without parameters, whose quorum is no majority',
        () =>
          `  - do: listFeed\n    market: market:SOL\n    sources:\n      - { aggregator: "${world.sources.sol[0]}", decimals: 8, heartbeat: 60 s }\n      - { aggregator: "${world.sources.sol[1]}", decimals: 8, heartbeat: 60 s }\n    quorum: 1\n    maxDeviation: 1 %\n    price: 150 USD\n`,
        /market:SOL is not active.*\n.*quorum of 1 is no majority of 2/,
      ],
      [
        'a source that promises too little',
        () =>
          `  - do: listFeed\n    market: market:ETH\n    sources:\n      - { aggregator: "${world.sources.eth[0]}", decimals: 8, heartbeat: 10 h }\n    quorum: 1\n    maxDeviation: 1 %\n    price: 3,000 USD\n`,
        /promises an update every 36000 s/,
      ],
      [
        'signers who are engines, fewer than the mandate asks for',
        () => `  - do: setSurfaceSigners\n    signers: ["${people.engineA.address}", "${people.bob.address}"]\n    threshold: 1\n`,
        /is an engine of the mandate.*\n.*below that of the mandate, 2/,
      ],
      [
        'limits for a market that is not active',
        () =>
          call(
            'surfaceOracle',
            'setLimits(bytes32 market, (uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint64) limits)',
            `["${encodeScopeId('market:SOL')}", [1, 1, 1, 1, 1, 1, 1, "800000000000000000"]]`,
          ),
        /market:SOL is not active/,
      ],
      [
        'a market twice, and one without a feed',
        () =>
          call('chains', `listMarket(bytes32 scope, ${GRID} grids)`, `["${eth}", ${grids}]`) +
          call('chains', `listMarket(bytes32 scope, ${GRID} grids)`, `["${encodeScopeId('market:SOL')}", ${grids}]`),
        /market:ETH is listed already, as number 1[\s\S]*market:SOL has no price feed/,
      ],
      [
        'grids of a market that does not exist',
        () => call('chains', `setGrids(uint16 market, ${GRID} grids)`, `[7, ${grids}]`),
        /no market with number 7/,
      ],
      [
        'a chain that expired, at the wrong hour',
        () =>
          call(
            'chains',
            'listChain(uint16 market, uint40 expiry, uint8 kind, uint128 tick, uint32[] multiples)',
            '[1, 1500000000, 0, "1", [30]]',
          ),
        /not at 08:00 UTC[\s\S]*is past/,
      ],
      [
        'a group without parameters',
        () => `  - do: openGroup\n    group: group:SIDE\n    token: "${world.cash}"\n`,
        /group:SIDE is not active/,
      ],
      ['a group twice', () => `  - do: openGroup\n    group: group:MAIN\n    token: "${world.cash}"\n`, /group:MAIN is open already/],
      [
        'a market admitted by a number that nobody listed: the contract would take it',
        () => call('collaterals', 'admitMarket(bytes32 group, uint16 market)', `["${group}", 9]`),
        /no market with number 9/,
      ],
      [
        'a market admitted twice',
        () => '  - do: admitMarket\n    group: group:MAIN\n    market: market:ETH\n',
        /belongs to group:MAIN already/,
      ],
      [
        'collateral without a haircut or a price: the contract would take it',
        () =>
          `  - do: listCollateral\n    group: group:MAIN\n    token: "${people.stranger.address}"\n    asset: asset:SOL\n    feed: market:SOL\n`,
        /asset:SOL is not active[\s\S]*market:SOL has no price feed/,
      ],
      [
        'the cash as collateral',
        () => `  - do: listCollateral\n    group: group:MAIN\n    token: "${world.cash}"\n    asset: asset:ETH\n    feed: market:ETH\n`,
        /is listed in group:MAIN already/,
      ],
      [
        'a settlement before expiry',
        () => '  - do: settle\n    market: market:ETH\n    expiry: 2031-01-01T08:00Z\n    price: 3,000 USD\n',
        /which is yet to come/,
      ],
      ['the end of a halt that is none', () => '  - do: resumeGroup\n    group: group:MAIN\n', /group:MAIN is not halted/],
    ]

    test.each(bad)('%s', async (_name, actions, sentence) => {
      expect(errorsOf({ checks: await onPaper(actions()) })).toMatch(sentence)
    })

    test('a source that is stale now stays so on the copy', { timeout: 120_000 }, async () => {
      await world.local.mine((await world.local.time()) + HOUR)
      const [one, two] = world.sources.eth
      const found = await examine(
        `  - do: listFeed\n    market: market:ETH\n    sources:\n      - { aggregator: "${one}", decimals: 8, heartbeat: 60 s }\n      - { aggregator: "${two}", decimals: 8, heartbeat: 60 s }\n    quorum: 2\n    maxDeviation: 1 %\n    price: 3,000 USD\n`,
      )
      expect(found.simulation.failure?.errorName).toBe('PriceFeed_BadSource')
      expect(found.simulation.keptFresh).toEqual([])
    })

    test('a call of clearing that is no act of the DAO is decoded, and refused because nothing tells what it changes', {
      timeout: 60_000,
    }, async () => {
      const checks = await onPaper(
        call('settlementOracle', 'poke(bytes32 market, uint48 expiry)', `["${eth}", ${Math.floor(context.state.time / HOUR) * HOUR}]`),
      )
      expect(failedChecks({ checks })).toContain('state-diff')
      expect(checks.find(({ name }) => name === 'state-diff')?.errors.join()).toContain(
        'Nothing we know tells what settlementOracle poke(bytes32,uint48) does',
      )
      expect(checks.find(({ name }) => name === 'calls-decode')?.info[0]).toContain('settlementOracle.poke(market: market:ETH')
    })

    test('without clearing its contracts are unknown targets, and its acts have no draft', { timeout: 120_000 }, async () => {
      const draft = await built(draftText('  - do: resumeGroup\n    group: group:MAIN\n'), context)
      const bare = { ...context, clearing: null, state: { ...context.state, clearing: null } }
      const [decoded] = draft.draft.actions.map((action) => decodeCall(action, directoryOf(bare, draft)))
      expect(decoded).toMatchObject({ contract: null, faults: [expect.stringContaining('is unknown; resume(bytes32) is a guess')] })
      await expect(built(draftText('  - do: resumeGroup\n    group: group:MAIN\n'), bare)).rejects.toThrow('--clearing')
    })
  })

  test('every external function of every contract of clearing decodes under its name', async () => {
    const directory = directoryOf(context, await built(draftText('  - do: resumeGroup\n    group: group:MAIN\n'), context))
    for (const [name, address] of Object.entries(world.clearing.contracts))
      expect(directory.get(address.toLowerCase())?.name, name).toBe(name)
    const args = [1n, world.cash, 5n, people.stranger.address] as const
    const data = encodeFunctionData({ abi: vaultAbi, functionName: 'withdraw', args })
    const decoded = decodeCall({ target: world.clearing.contracts.vault, value: 0n, data }, directory)
    expect(decoded.faults).toEqual([])
    expect(describeCall(decoded)).toContain('vault.withdraw(')
  })

  test.each(['open-group', 'admit-market', 'list-feed', 'surface-signers', 'surface-limits', 'settle', 'resume-group', 'list-collateral'])(
    'the template %s is a draft of the right shape, with what stands there',
    (template) => {
      expect(draftTemplates).toContain(template)
      const options = { title: 'A change', why: 'Because.', proposer: null, scope: null, set: {}, recommendations: [], file: null }
      const text = writeDraft(template, context.state, options).replaceAll('"0x..."', `"${people.stranger.address}"`)
      expect(parseDraft(text, 'draft.yaml').content.actions.length).toBeGreaterThan(0)
    },
  )
})

/** Sets the halt of the group where its storage holds it: only a written-off principal does that otherwise. */
async function halt({ local, clearing }: GovernedClearing): Promise<void> {
  const { ledger } = clearing.contracts
  const reading = { address: ledger, abi: ledgerAbi, functionName: 'sumsOf', args: [group] } as const
  const data = encodeFunctionData({ abi: ledgerAbi, functionName: 'sumsOf', args: [group] })
  const traced = (await local.request('debug_traceCall', [{ to: ledger, data }, 'latest', { tracer: 'prestateTracer' }])) as Readonly<
    Record<string, { readonly storage?: Readonly<Record<Hex, Hex>> }>
  >
  const slots = Object.keys(traced[ledger.toLowerCase()]?.storage ?? {}) as Hex[]
  for (const slot of slots) {
    const word = BigInt((await local.client.getStorageAt({ address: ledger, slot })) ?? '0x0')
    for (let byte = 0n; byte < 32n; byte++) {
      const write = (next: bigint): Promise<unknown> =>
        local.request('hardhat_setStorageAt', [ledger, slot, `0x${next.toString(16).padStart(64, '0')}`])
      if (((word >> (8n * byte)) & 0xffn) !== 0n) continue
      await write(word | (1n << (8n * byte)))
      const isHalted = await local.client.readContract(reading).then(
        ({ halted, tokens, profit }) => halted && tokens === 0n && profit === 0n,
        () => false,
      )
      if (isHalted) return
      await write(word)
    }
  }
  throw new Error('No slot of the ledger holds the halt.')
}
