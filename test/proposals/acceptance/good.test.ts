import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LocalChain } from '../../../chain/local/index.ts'
import { deployPostConditions } from '../../../proposals/conditions/index.ts'
import { encodeProposal } from '../../../proposals/encode/index.ts'
import { flattenProtocols } from '../../../proposals/expect/index.ts'
import { passLocally } from '../../../proposals/lifecycle/index.ts'
import { readSubject } from '../../../proposals/pipeline/index.ts'
import { buildReport, renderMarkdown, reportJson } from '../../../proposals/report/index.ts'
import { diffStates, readProtocolState } from '../../../proposals/state/index.ts'
import type { Address, Deployment } from '../../../risk/types/index.ts'
import { catalogue, people } from '../../chain/support.ts'
import { built, contextOf, draftText, examined, failedChecks, governedChain, postConditions } from '../pipelineSupport.ts'

const ETH = '    scope: market:ETH\n'
/** A voting delay that the governor takes; the call changes nothing that a known call of a draft would say. */
const votingDelay = (governor: string): string =>
  `  - do: call\n    target: "${governor}"\n    abi: function setVotingDelay(uint48 newVotingDelay)\n    args: [259200]\n    effects:\n      governor/votingDelay: "259200"\n`

const proposals: readonly (readonly [name: string, actions: string, changes: number])[] = [
  ['set one value', `  - do: setValues\n${ETH}    values:\n      liquidation.fee: 4 %\n`, 1],
  [
    'tighten a value that margin reads, with another',
    `  - do: setValues\n${ETH}    values:\n      margin.priceScanRange: 26 %\n      market.openInterestCap: 40,000 contracts\n`,
    2,
  ],
  [
    'restrict a rule: in force at once',
    `  - do: setRules\n${ETH}    rules:\n      margin.priceScanRange:\n        floor: 14 %\n        loosenCooldown: 2 d\n`,
    2,
  ],
  ['widen a rule: it waits', `  - do: setRules\n${ETH}    rules:\n      margin.priceScanRange:\n        ceiling: 60 %\n`, 16],
  [
    'a rule that excludes the live value moves it',
    `  - do: setRules\n${ETH}    rules:\n      margin.priceScanRange:\n        floor: 24 %\n        baseline: 24 %\n        value: 24 %\n`,
    16,
  ],
  [
    'list a market, open its mandate in shadow',
    '  - do: list\n    contents: SOL\n  - do: openMandate\n    scope: market:SOL\n    mode: shadow\n    expires: 2020-09-01\n',
    60,
  ],
  [
    'renew a mandate with another limit',
    `  - do: renewMandate\n${ETH}    expires: 2020-12-31\n    settings:\n      impactNotionalLimit: 3,000,000 USD\n`,
    2,
  ],
  [
    'change the engines',
    `  - do: changeEngines\n    engines: ["${people.engineA.address}", "${people.stranger.address}"]\n    threshold: 1\n`,
    3,
  ],
  [
    'a steward and a guardian',
    `  - do: grantSteward\n    account: "${people.carol.address}"\n  - do: appointGuardian\n    account: "${people.bob.address}"\n    until: 2020-06-01\n`,
    3,
  ],
  ['revoke every mandate', `  - do: revokeMandate\n  - do: pauseMandate\n${ETH}`, 3],
  ['hand over to a successor', '  - do: handOver\n    successor: successor.json\n', 71],
  ['a raw call that states its effect', 'GOVERNOR', 1],
]

describe('good proposals pass every check, and do on the chain what the simulation said', () => {
  let local: LocalChain
  let deployment: Deployment
  let successor: Deployment
  let start: `0x${string}`
  beforeAll(async () => {
    ;({ local, deployment, successor } = await governedChain())
    await deployPostConditions(local.client, local.wallet(people.alice), postConditions)
    start = await local.snapshot()
  }, 60_000)
  afterAll(() => local.close())
  beforeEach(async () => {
    await local.revert(start)
    start = await local.snapshot()
  })

  test('there are at least ten of them', () => expect(proposals.length).toBeGreaterThanOrEqual(10))

  test.each(proposals)('%s', { timeout: 60_000 }, async (_name, actions, changes) => {
    const context = await contextOf(local, deployment, successor)
    const governor = deployment.contracts.governor as Address
    const text = draftText(actions === 'GOVERNOR' ? votingDelay(governor) : actions, `proposer: "${people.alice.address}"\n`)
    const draft = await built(text, context)
    const examination = await examined(local, context, draft)
    expect(failedChecks(examination)).toEqual([])
    expect(examination.simulation.changes).toHaveLength(changes)

    const id = encodeProposal(draft.draft).id
    await passLocally({ local, governor, proposer: people.alice, voters: [people.alice, people.bob], reason: '', drafts: [draft.draft] })
    const { executedIn } = await readSubject(local.client, deployment, governor, id)
    if (executedIn === null) throw new Error('The proposal was not executed.')
    const at = async (block: bigint): Promise<ReadonlyMap<string, string>> => {
      const all = [deployment, ...draft.successors]
      const protocols = await Promise.all(
        all.map(async (each, i) => ({
          prefix: i === 0 ? '' : 'successor:',
          deployment: each,
          clearing: null,
          state: await readProtocolState(local.client, each, catalogue, { block }),
        })),
      )
      return flattenProtocols(protocols)
    }
    expect(diffStates(await at(executedIn.block - 1n), await at(executedIn.block))).toEqual(examination.simulation.changes)
  })

  test('two runs at one block give the same bytes', { timeout: 60_000 }, async () => {
    const context = await contextOf(local, deployment)
    const draft = await built(draftText(proposals[1]?.[1] ?? ''), context)
    const [first, second] = [await examined(local, context, draft), await examined(local, context, draft)].map(buildReport)
    if (first === undefined || second === undefined) throw new Error('There is no report.')
    expect(reportJson(second)).toBe(reportJson(first))
    expect(renderMarkdown(second)).toBe(renderMarkdown(first))
  })
})
