import { getAbiItem, keccak256, stringToHex, toEventSelector } from 'viem'
import { ballastGovernorAbi, ballastTokenAbi, riskParametersAbi, timelockAbi } from '../../chain/generated/index.ts'
import { formatAccountId, fromCode, proposalStates } from '../../chain/ids/index.ts'
import { fetchLogs, mapConcurrently } from '../../chain/read/index.ts'
import type { Address, Hash, Hex } from '../../risk/types/index.ts'
import { createComparer } from './createComparer.ts'
import type { Comparison, VerifyContext } from './VerifyContext.ts'

const topicOf = {
  DelegateChanged: toEventSelector(getAbiItem({ abi: ballastTokenAbi, name: 'DelegateChanged' })),
  DelegateVotesChanged: toEventSelector(getAbiItem({ abi: ballastTokenAbi, name: 'DelegateVotesChanged' })),
  CallScheduled: toEventSelector(getAbiItem({ abi: timelockAbi, name: 'CallScheduled' })),
  RoleGranted: toEventSelector(getAbiItem({ abi: timelockAbi, name: 'RoleGranted' })),
}

/** Proposals with their ballots, operations of the timelock, delegations and roles. */
export async function verifyGovernance(context: VerifyContext): Promise<readonly Comparison[]> {
  return [await verifyProposals(context), await verifyOperations(context), await verifyVotes(context), await verifyRoles(context)]
}

async function verifyProposals({ client, deployment, content, block, time, signal }: VerifyContext): Promise<Comparison> {
  const { row, result } = createComparer()
  const { governor } = deployment.contracts
  if (governor === null) return result()
  const account = (address: Address): string => formatAccountId(deployment.chainId, address)
  const at = { address: governor, abi: ballastGovernorAbi, blockNumber: block } as const
  row(
    'proposals',
    'all',
    { count: content.proposals.length },
    { count: Number(await client.readContract({ ...at, functionName: 'proposalCount' })) },
  )
  const votes = Map.groupBy(content.votes, ({ proposal }) => proposal)
  await mapConcurrently(
    content.proposals,
    async (proposal) => {
      signal.throwIfAborted()
      const args = [BigInt(proposal.proposal)] as const
      const [state, snapshot, deadline, eta, proposer, ballots, details] = await Promise.all([
        client.readContract({ ...at, functionName: 'state', args }),
        client.readContract({ ...at, functionName: 'proposalSnapshot', args }),
        client.readContract({ ...at, functionName: 'proposalDeadline', args }),
        client.readContract({ ...at, functionName: 'proposalEta', args }),
        client.readContract({ ...at, functionName: 'proposalProposer', args }),
        client.readContract({ ...at, functionName: 'proposalVotes', args }),
        client.readContract({ ...at, functionName: 'proposalDetails', args }),
      ])
      const [targets, values, calldatas, descriptionHash] = details
      const quorum = snapshot < time ? await client.readContract({ ...at, functionName: 'quorum', args: [snapshot] }) : null
      const shown = { ...proposal, descriptionHash: keccak256(stringToHex(proposal.description)) }
      row('proposals', proposal.proposal, shown, {
        state: fromCode(proposalStates, state),
        voteStart: Number(snapshot),
        voteEnd: Number(deadline),
        eta: eta === 0n ? null : Number(eta),
        proposer: account(proposer),
        against: ballots[0],
        for: ballots[1],
        abstain: ballots[2],
        quorum,
        descriptionHash,
        calls: targets.map((target, i) => ({ target: account(target), value: String(values[i]), data: calldatas[i] })),
      })
      const own = votes.get(proposal.proposal) ?? []
      const sum = (support: string): bigint => own.reduce((all, vote) => (vote.support === support ? all + BigInt(vote.weight) : all), 0n)
      row(
        'votes',
        proposal.proposal,
        { against: sum('against'), for: sum('for'), abstain: sum('abstain') },
        {
          against: ballots[0],
          for: ballots[1],
          abstain: ballots[2],
        },
      )
      for (const { voter } of own) {
        const hasVoted = await client.readContract({ ...at, functionName: 'hasVoted', args: [args[0], addressOf(voter)] })
        row('votes', `${proposal.proposal} ${voter}`, { hasVoted: true }, { hasVoted })
      }
    },
    8,
  )
  return result()
}

async function verifyOperations({ client, deployment, content, block, time }: VerifyContext): Promise<Comparison> {
  const { row, result } = createComparer()
  const { timelock } = deployment.contracts
  const at = { address: timelock, abi: timelockAbi, blockNumber: block } as const
  const scheduled = await logsOf(deployment.block, client, timelock, [topicOf.CallScheduled], block)
  row('operations', 'all', { count: content.operations.length }, { count: new Set(scheduled.map(({ topics }) => topics[1])).size })
  await mapConcurrently(content.operations, async (operation) => {
    const readyAt = Number(await client.readContract({ ...at, functionName: 'getTimestamp', args: [operation.operation as Hash] }))
    // The timelock keeps 1 for what is done and 0 for what is not there.
    const status = readyAt === 0 ? 'cancelled' : readyAt === 1 ? 'done' : readyAt <= time ? 'ready' : 'waiting'
    const id = await client.readContract({
      ...at,
      functionName: 'hashOperationBatch',
      args: [
        operation.calls.map(({ target }) => addressOf(target)),
        operation.calls.map(({ value }) => BigInt(value)),
        operation.calls.map(({ data }) => data as Hex),
        operation.predecessor as Hash,
        operation.salt as Hash,
      ],
    })
    const [call] = operation.calls
    const single =
      call === undefined || operation.calls.length > 1
        ? id
        : await client.readContract({
            ...at,
            functionName: 'hashOperation',
            args: [addressOf(call.target), BigInt(call.value), call.data as Hex, operation.predecessor as Hash, operation.salt as Hash],
          })
    row('operations', operation.operation, operation, {
      status,
      operation: operation.operation === single ? single : id,
      ...(readyAt > 1 && { readyAt }),
    })
  })
  return result()
}

async function verifyVotes({ client, deployment, content, block }: VerifyContext): Promise<Comparison> {
  const { row, result } = createComparer()
  const { token } = deployment.contracts
  if (token === null) return result()
  const account = (address: Address): string => formatAccountId(deployment.chainId, address)
  const at = { address: token, abi: ballastTokenAbi, blockNumber: block } as const
  const logs = await logsOf(deployment.block, client, token, [topicOf.DelegateChanged, topicOf.DelegateVotesChanged], block)
  const distinct = (topic: Hash): number => new Set(logs.flatMap(({ topics }) => (topics[0] === topic ? [topics[1]] : []))).size
  row('delegations', 'all', { count: content.delegations.length }, { count: distinct(topicOf.DelegateChanged) })
  row('delegates', 'all', { count: content.delegates.length }, { count: distinct(topicOf.DelegateVotesChanged) })
  await mapConcurrently(content.delegations, async (delegation) => {
    const delegate = await client.readContract({ ...at, functionName: 'delegates', args: [addressOf(delegation.delegator)] })
    row('delegations', delegation.delegator, delegation, { delegate: account(delegate) })
  })
  await mapConcurrently(content.delegates, async (delegate) => {
    const votes = await client.readContract({ ...at, functionName: 'getVotes', args: [addressOf(delegate.delegate)] })
    row('delegates', delegate.delegate, delegate, { votes })
  })
  return result()
}

async function verifyRoles({ client, deployment, content, block }: VerifyContext): Promise<Comparison> {
  const { row, result } = createComparer()
  const { riskParameters, timelock } = deployment.contracts
  for (const contract of [riskParameters, timelock]) {
    const granted = await logsOf(deployment.block, client, contract, [topicOf.RoleGranted], block)
    const held = content.roles.filter((role) => addressOf(role.contract) === contract)
    row('roles', contract, { count: held.length }, { count: new Set(granted.map(({ topics }) => `${topics[1]}${topics[2]}`)).size })
  }
  await mapConcurrently(content.roles, async (role) => {
    const held = await client.readContract({
      address: addressOf(role.contract),
      abi: riskParametersAbi,
      functionName: 'hasRole',
      args: [role.roleHash as Hash, addressOf(role.holder)],
      blockNumber: block,
    })
    row('roles', `${role.role} of ${role.holder} on ${role.contract}`, role, { held })
  })
  return result()
}

const addressOf = (account: string): Address => account.slice(account.lastIndexOf(':') + 1) as Address

const logsOf = (from: string, client: VerifyContext['client'], address: Address, topics: readonly Hash[], toBlock: bigint) =>
  fetchLogs(client, { addresses: [address], topics, fromBlock: BigInt(from), toBlock })
