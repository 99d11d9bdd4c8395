import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalChain } from '../../../chain/local/index.ts'
import type { BuildContext } from '../../../proposals/actions/index.ts'
import { DraftError, type DraftProblem } from '../../../proposals/errors/index.ts'
import { people } from '../../chain/support.ts'
import { built, contextOf, draftText, governedChain } from '../pipelineSupport.ts'

const ETH = '    scope: market:ETH\n'
const values = (lines: string): string => draftText(`  - do: setValues\n${ETH}    values:\n${lines}`)
const why = (text: string): string => draftText(`  - do: revokeMandate\n`).replace('Because it is measured.', text)

/** Each is refused where it is wrong: line, path, and words that say what was given and what is allowed. */
const bad: readonly (readonly [name: string, text: string, line: number, path: string, words: RegExp])[] = [
  [
    'an unknown parameter',
    values('      margin.priceScanRang: 26 %\n'),
    9,
    'actions[0].values.margin.priceScanRang',
    /did you mean margin\.priceScanRange\?/,
  ],
  [
    'a value outside its range',
    values('      margin.priceScanRange: 60 %\n'),
    9,
    'actions[0].values.margin.priceScanRange',
    /outside the range in force, 12 % to 50 %/,
  ],
  [
    'a wrong unit',
    values('      margin.priceScanRange: 26 USD\n'),
    9,
    'actions[0].values.margin.priceScanRange',
    /26 USD.*share such as 26 %/,
  ],
  [
    'a number without a unit',
    values('      margin.priceScanRange: 2600\n'),
    9,
    'actions[0].values.margin.priceScanRange',
    /2600 has no unit/,
  ],
  [
    'a fraction of the stored unit',
    values('      margin.priceScanRange: 26.005 %\n'),
    9,
    'actions[0].values.margin.priceScanRange',
    /without a fraction of the stored unit/,
  ],
  [
    'the value that is live',
    values('      margin.priceScanRange: 21 %\n'),
    9,
    'actions[0].values.margin.priceScanRange',
    /is the value already/,
  ],
  ['a key twice', values('      margin.priceScanRange: 26 %\n      margin.priceScanRange: 27 %\n'), 10, '', /keys must be unique/i],
  [
    'a number as a text',
    draftText(`  - do: changeEngines\n    engines: ["${people.bob.address}"]\n    threshold: "1"\n`),
    8,
    'actions[0].threshold',
    /write the number without quotes/,
  ],
  [
    'a scope that is not active',
    values('      margin.priceScanRange: 26 %\n').replace('market:ETH', 'market:ETHH'),
    7,
    'actions[0].scope',
    /market:ETHH is not active; did you mean market:ETH\?/,
  ],
  [
    'an alias bomb',
    `a: &a ["x","x"]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\n${draftText('  - do: revokeMandate\n')}`,
    2,
    '',
    /alias \*a is not allowed/,
  ],
  ['a type of YAML', draftText('  - do: !!js/function revokeMandate\n'), 6, '', /tag|resolve/i],
  ['a second document', `${draftText('  - do: revokeMandate\n')}---\ntitle: hidden\n`, 7, '', /second document/],
  ['a member of every object', `__proto__: {}\n${draftText('  - do: revokeMandate\n')}`, 1, '', /__proto__ is not allowed/],
  ['a script', why('<script>alert(1)</script>'), 4, 'why', /HTML/],
  ['an image that calls home', why('"![x](https://evil.example/p.png)"'), 4, 'why', /an image/],
  ['a link that runs code', why('"[read](javascript:alert(1))"'), 4, 'why', /not plain https/],
  ['a text that turns around', why('pay \u202Eecila'), 4, 'why', /U\+202E/],
  [
    'a title with an invisible character',
    draftText('  - do: revokeMandate\n').replace('A change', 'A\u200B change'),
    3,
    'title',
    /U\+200B/,
  ],
  ['a proposer hidden in the text', why('"see #proposer=0x00"'), 4, 'why', /#proposer/],
  ['an action that does not exist', draftText('  - do: setValue\n'), 6, 'actions[0].do', /did you mean setValues/],
  [
    'a key that does not exist',
    draftText(`  - do: setValues\n${ETH}    value: {}\n    values: {}\n`),
    8,
    'actions[0].value',
    /not known; did you mean values/,
  ],
  [
    'a range that excludes the live value',
    draftText(`  - do: setRules\n${ETH}    rules:\n      margin.priceScanRange:\n        floor: 24 %\n        baseline: 24 %\n`),
    9,
    'actions[0].rules.margin.priceScanRange',
    /add `value: 24 %`/,
  ],
  [
    'a rule outside its rails',
    draftText(`  - do: setRules\n${ETH}    rules:\n      margin.priceScanRange:\n        veto: 0 h\n`),
    9,
    'actions[0].rules.margin.priceScanRange',
    /vetoHours would be 0; its limit is 1/,
  ],
  [
    'a rule that is in force already',
    draftText(`  - do: setRules\n${ETH}    rules:\n      margin.priceScanRange:\n        floor: 12 %\n`),
    9,
    'actions[0].rules.margin.priceScanRange',
    /the rule in force already/,
  ],
  ['a market that is listed already', draftText('  - do: list\n    contents: ETH\n'), 7, 'actions[0].contents', /active already/],
  [
    'a mandate that ends in the past',
    draftText(`  - do: renewMandate\n${ETH}    expires: 2019-01-01\n`),
    8,
    'actions[0].expires',
    /lies in the past/,
  ],
  [
    'an address with a wrong checksum',
    draftText(`  - do: grantSteward\n    account: "${people.bob.address.replace(/[a-f]/, (letter) => letter.toUpperCase())}"\n`),
    7,
    'actions[0].account',
    /wrong checksum/,
  ],
  [
    'more signatures than engines',
    draftText(`  - do: changeEngines\n    engines: ["${people.bob.address}"]\n    threshold: 2\n`),
    6,
    'actions[0]',
    /threshold is 2/,
  ],
  [
    'a call to code that nobody has read',
    draftText(`  - do: call\n    target: "${people.bob.address}"\n    abi: function pay()\n    args: []\n`),
    7,
    'actions[0].target',
    /none of the protocol's contracts/,
  ],
  [
    'a call with too few arguments',
    draftText(`  - do: call\n    target: "${people.bob.address}"\n    abi: function pay(uint256 x)\n    args: []\n`),
    6,
    'actions[0]',
    /0 of them/,
  ],
  [
    'a condition that holds nothing',
    draftText('  - do: revokeMandate\n').replace(
      'actions:',
      `conditions:\n  - target: "${people.bob.address}"\n    abi: function x() view returns (uint256)\nactions:`,
    ),
    6,
    'conditions[0]',
    /either equals/,
  ],
]

describe('bad drafts are refused where they are wrong', () => {
  let local: LocalChain
  let context: BuildContext
  beforeAll(async () => {
    const chain = await governedChain()
    local = chain.local
    context = await contextOf(local, chain.deployment)
  }, 60_000)
  afterAll(() => local.close())

  const problemsOf = async (text: string): Promise<readonly DraftProblem[]> => {
    try {
      await built(text, context)
    } catch (error) {
      if (error instanceof DraftError) return error.context.problems
      throw error
    }
    return []
  }

  test.each(bad)('%s', async (_name, text, line, path, words) => {
    const problems = await problemsOf(text)
    expect(problems.map((each) => ({ line: each.line, path: each.path, problem: each.problem }))).toContainEqual({
      line,
      path,
      problem: expect.stringMatching(words) as string,
    })
  })

  test('a file of 300 KB is not read', async () => {
    const [problem] = await problemsOf(why(`"${'x'.repeat(300_000)}"`))
    expect(problem?.problem).toMatch(/at most 262144/)
  })

  test('every problem of a draft is told at once, in the order of the file', async () => {
    const problems = await problemsOf(
      values('      margin.priceScanRange: 60 %\n      liquidation.fee: 9 USD\n      market.depth: 1 USD\n'),
    )
    expect(problems.map(({ line }) => line)).toEqual([9, 10, 11])
  })

  test('nothing of a bad draft was sent: it never leaves this process', async () => {
    const before = await local.client.getBlockNumber()
    await problemsOf(bad[0]?.[1] ?? '')
    expect(await local.client.getBlockNumber()).toBe(before)
  })
})
