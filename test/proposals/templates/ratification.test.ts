import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalChain } from '../../../chain/local/index.ts'
import { createChainReader } from '../../../chain/read/index.ts'
import type { VoteStep } from '../../../proposals/lifecycle/index.ts'
import type { Deployment } from '../../../risk/types/index.ts'
import { catalogue, deployed, firstRules } from '../../chain/support.ts'
import { ratified } from '../support.ts'

describe('ratification', () => {
  let local: LocalChain
  let deployment: Deployment
  let steps: VoteStep[]
  beforeAll(async () => {
    ;({ local, deployment } = await deployed())
    steps = await ratified(local, deployment)
  })
  afterAll(() => local.close())

  test('passes', async () => {
    console.log(steps.map((s) => [s.step, s.time, s.gasUsed]))
    const reading = await createChainReader(local.client, deployment, catalogue).readScope('market:ETH')
    console.log(reading.lane, reading.parameters[0])
    for (const parameter of reading.parameters) {
      expect(parameter.rule).toEqual(firstRules[parameter.id]?.rule)
    }
  })
})
