import { encodeFunctionData, hexToBigInt, numberToHex, zeroHash } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { timelockAbi } from '../../chain/generated/index.ts'
import type { LocalChain } from '../../chain/local/index.ts'
import { sendCall } from '../../chain/write/index.ts'
import { deployPostConditions, hasPostConditions } from '../../proposals/conditions/index.ts'
import { operationOf } from '../../proposals/encode/index.ts'
import { UnknownProposalError } from '../../proposals/errors/index.ts'
import { castVote, queueProposal, readDelegates, readProposal, submitProposal } from '../../proposals/lifecycle/index.ts'
import { readSubject } from '../../proposals/pipeline/index.ts'
import { openFork } from '../../proposals/simulate/index.ts'
import { diffStates, flattenState, readProtocolState } from '../../proposals/state/index.ts'
import type { Address, Deployment } from '../../risk/types/index.ts'
import { catalogue, people } from '../chain/support.ts'
import { built, contextOf, draftText, governedChain, postConditions } from './pipelineSupport.ts'

describe('what proposals are read from', () => {
  let local: LocalChain
  let deployment: Deployment
  let url: string
  beforeAll(async () => {
    ;({ local, deployment, url } = await governedChain())
  }, 60_000)
  afterAll(() => local.close())

  test('a copy of the chain has its whole state, and what happens on it stays there', { timeout: 60_000 }, async () => {
    const block = await local.client.getBlockNumber()
    const here = flattenState(await readProtocolState(local.client, deployment, catalogue))
    const fork = await openFork(url, 31_337, block)
    try {
      expect(diffStates(here, flattenState(await readProtocolState(fork.client, deployment, catalogue)))).toEqual([])
      expect(await fork.time()).toBe(await local.time())
      await deployPostConditions(fork.client, await fork.actAs(people.stranger.address), postConditions)
      expect(await hasPostConditions(fork.client, postConditions)).toBe(true)
      expect(await hasPostConditions(local.client, postConditions)).toBe(false)
      expect(await local.client.getBlockNumber()).toBe(block)
    } finally {
      await fork.close()
    }
  })

  test('delegates come with their votes, most first', async () => {
    const delegates = await readDelegates(local.client, deployment, deployment.contracts.token as Address)
    expect(delegates.map(({ account }) => account)).toEqual([people.alice.address, people.bob.address, people.carol.address])
  })

  test('a proposal run directly on the timelock is seen as executed, from the block before', { timeout: 60_000 }, async () => {
    const governor = deployment.contracts.governor as Address
    const chain = { client: local.client, governor }
    await deployPostConditions(local.client, local.wallet(people.alice), postConditions)
    const text = draftText('  - do: setValues\n    scope: market:ETH\n    values:\n      liquidation.fee: 4 %\n')
    const { proposal } = await submitProposal(
      chain,
      local.wallet(people.alice),
      (await built(text, await contextOf(local, deployment))).draft,
    )
    const waiting = await readSubject(local.client, deployment, governor, proposal.id)
    expect(waiting.executedIn).toBeNull()
    await local.mine((await readProposal(chain, proposal.id)).snapshot + 1)
    await castVote(chain, local.wallet(people.alice), proposal.id, 'for')
    await local.mine((await readProposal(chain, proposal.id)).deadline + 1)
    await queueProposal(chain, local.wallet(people.alice), proposal)
    await local.mine((await readProposal(chain, proposal.id)).eta ?? 0)

    const timelock = { address: deployment.contracts.timelock, abi: timelockAbi } as const
    expect(
      await local.client.readContract({ ...timelock, functionName: 'isOperationReady', args: [operationOf(governor, proposal)] }),
    ).toBe(true)
    const salt = numberToHex((hexToBigInt(governor) << 96n) ^ hexToBigInt(proposal.descriptionHash), { size: 32 })
    const args = [[...proposal.targets], [...proposal.values], [...proposal.calldatas], zeroHash, salt] as const
    const receipt = await sendCall(local.client, local.wallet(people.stranger), {
      to: timelock.address,
      data: encodeFunctionData({ abi: timelockAbi, functionName: 'executeBatch', args }),
    })
    expect((await readProposal(chain, proposal.id)).state).toBe('executed')
    const subject = await readSubject(local.client, deployment, governor, proposal.id)
    expect(subject).toMatchObject({ block: receipt.blockNumber - 1n, executedIn: { transaction: receipt.transactionHash } })
  })

  test('an id that nobody submitted is unknown', async () => {
    await expect(readSubject(local.client, deployment, deployment.contracts.governor as Address, 1n)).rejects.toThrow(UnknownProposalError)
  })
})
