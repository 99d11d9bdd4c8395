import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyDeployment } from '../../../chain/deploy/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import { artifacts, people, settings, startChain } from '../support.ts'

describe('applyDeployment', () => {
  let local: LocalChain
  beforeAll(async () => {
    local = await startChain()
  })
  afterAll(() => local.close())

  test('deploys', async () => {
    const t = performance.now()
    const { deployment, roles } = await applyDeployment({
      client: local.client,
      deployer: people.deployer,
      settings,
      artifacts,
      folder: null,
      confirmations: 1,
    })
    console.log(
      performance.now() - t,
      deployment,
      roles.map((r) => r.sentence),
    )
    expect(roles.every(({ holds }) => holds)).toBe(true)
  })
})
