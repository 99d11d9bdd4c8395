import { decodeFunctionData } from 'viem'
import { describe, expect, test } from 'vitest'
import { controllerMandateAbi, riskParametersAbi } from '../../../chain/generated/index.ts'
import { encodeParamId, encodeScopeId } from '../../../chain/ids/index.ts'
import {
  buildActivateScope,
  buildAppointGuardian,
  buildOpenLane,
  buildSetEngines,
  buildSetRole,
  buildSetValues,
  draftProposal,
} from '../../../proposals/draft/index.ts'
import { estimateProposeGas, splitByGas } from '../../../proposals/encode/index.ts'
import { InvalidInputError } from '../../../risk/errors/index.ts'
import type { Action, Deployment } from '../../../risk/types/index.ts'
import { catalogue, people, value } from '../../chain/support.ts'
import { activation, laneSettings } from '../support.ts'

const address = people.alice.address
const deployment: Deployment = {
  schema: 'ballast.deployment',
  version: 1,
  chainId: 1,
  block: '0',
  catalogue: `0x${'00'.repeat(32)}`,
  contracts: {
    token: address,
    governor: address,
    timelock: address,
    guardianTerm: address,
    riskParameters: people.bob.address,
    controllerMandate: people.carol.address,
    looseningVeto: address,
    riskStewards: address,
  },
}

describe('actions', () => {
  test('a scope is activated with ids ascending, whatever the order of the input', () => {
    const { scope, parameters } = activation('market:ETH')
    const action = buildActivateScope(deployment, catalogue, { scope, parameters: [...parameters].reverse() })
    expect(action).toMatchObject({ target: people.bob.address, value: 0n, summary: 'Activate market:ETH with 3 parameters' })
    const { functionName, args } = decodeFunctionData({ abi: riskParametersAbi, data: action.data })
    expect(functionName).toBe('activateScope')
    expect(args?.[0]).toBe(encodeScopeId('market:ETH'))
    expect(args?.[1]).toEqual(['liquidation.fee', 'margin.priceScanRange', 'market.openInterestCap'].map(encodeParamId))
    expect(args?.[3]).toEqual([300n, 2_100n, 50_000n])
  })

  test('a missing, unknown or repeated parameter is named', () => {
    const { scope, parameters } = activation('market:ETH')
    const attempt = (list: typeof parameters) => () => buildActivateScope(deployment, catalogue, { scope, parameters: list })
    expect(attempt(parameters.slice(1))).toThrow(/missing: liquidation.fee/)
    expect(attempt([...parameters, { ...parameters[0], id: 'x.y' } as (typeof parameters)[number]])).toThrow(/unknown: x.y/)
    expect(attempt([...parameters, parameters[0] as (typeof parameters)[number]])).toThrow(/twice: liquidation.fee/)
    expect(() => buildActivateScope(deployment, catalogue, { scope: 'asset:wETH', parameters: [] })).toThrow(InvalidInputError)
  })

  test('a first value outside its rule is refused with the range', () => {
    const { scope, parameters } = activation('market:ETH')
    const wrong = parameters.map((parameter) => (parameter.id === 'liquidation.fee' ? { ...parameter, value: value(99) } : parameter))
    expect(() => buildActivateScope(deployment, catalogue, { scope, parameters: wrong })).toThrow(/is 99; it must be from 100 to 600/)
  })

  test('engines are sorted, each once, and the threshold is possible', () => {
    const set = [people.engineC.address, people.engineA.address, people.engineB.address]
    const { args } = decodeFunctionData({ abi: controllerMandateAbi, data: buildSetEngines(deployment, set, 2).data })
    expect(args?.[0]).toEqual([...set].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)))
    expect(() => buildSetEngines(deployment, [address, address], 1)).toThrow(/each address once/)
    for (const threshold of [0, 4, 1.5]) expect(() => buildSetEngines(deployment, set, threshold)).toThrow(/threshold/)
    expect(() => buildSetEngines(deployment, ['0x12'], 1)).toThrow(InvalidInputError)
  })

  test('summaries say what happens in words, times as dates', () => {
    expect(buildOpenLane(deployment, 'market:ETH', 'canary', laneSettings).summary).toBe(
      'Open the lane of market:ETH in mode canary until 2020-08-19T00:00:00Z',
    )
    expect(buildAppointGuardian(deployment, address, 1_600_000_000).summary).toBe(
      `Appoint ${address} as guardian until 2020-09-13T12:26:40Z`,
    )
    expect(buildSetRole(deployment, 'steward', address, false).summary).toBe(`Revoke the role steward from ${address}`)
    expect(buildSetValues(deployment, 'market:ETH', { b: value(2), a: value(1) }).summary).toBe('In market:ETH set a to 1, b to 2')
  })

  test('nothing to do is refused', () => {
    expect(() => buildSetValues(deployment, 'market:ETH', {})).toThrow(InvalidInputError)
    expect(() => draftProposal({ title: 'x', body: '', actions: [] })).toThrow(/at least one call/)
    const actions = [buildSetValues(deployment, 'market:ETH', { a: value(1) })]
    for (const title of ['', ' ', 'two\nlines']) expect(() => draftProposal({ title, body: '', actions })).toThrow(/title/)
  })
})

describe('splitByGas', () => {
  const action = (bytes: number): Action => ({ target: address, value: 0n, data: `0x${'00'.repeat(bytes)}`, summary: '' })
  test('keeps the order and fills each group up to the limit', () => {
    const actions = [1_000, 1_000, 1_000, 1_000].map(action)
    const limit = estimateProposeGas(actions.slice(0, 2))
    const groups = splitByGas(actions, limit)
    expect(groups.map((group) => group.length)).toEqual([2, 2])
    expect(groups.flat()).toEqual(actions)
    for (const group of groups) expect(estimateProposeGas(group)).toBeLessThanOrEqual(limit)
  })
  test('an action too large alone stays alone', () => {
    expect(splitByGas([action(10), action(1_000_000), action(10)], 1_000_000).map((group) => group.length)).toEqual([1, 1, 1])
  })
})
