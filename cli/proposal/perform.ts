import { getAddress, isAddress } from 'viem'
import { readBlock } from '../../chain/read/index.ts'
import { type Call, sendCall, simulateCall } from '../../chain/write/index.ts'
import { confirm } from '../context/openSender.ts'
import { usageError } from '../kit/CliError.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import type { Document } from '../kit/json.ts'
import type { ChainOptions, SendOptions } from '../kit/options.ts'
import { type Actor, type ActorOptions, openActor } from './openActor.ts'
import type { ProposalNode } from './openProposals.ts'
import { safeBatch } from './safeBatch.ts'

export type PerformOptions = ChainOptions & SendOptions & ActorOptions & { readonly safe?: string }

/** One act on the chain, in words. */
export type Act = {
  /** What the document says the act is: `vote`. */
  readonly name: string
  readonly call: Call
  readonly sentence: string
  readonly facts: { readonly [key: string]: Document }
  /** Sent before the call, for example a contract that it needs. */
  readonly prepare?: (actor: Actor) => Promise<void>
  /** Sentence after success. */
  readonly done: string
}

/**
 * Sends a call after simulating it and asking; without `--send` only simulates, with `--safe` only writes the file.
 *
 * @throws {ContractRevertError} The contract would refuse.
 */
export async function perform(act: Act, options: PerformOptions, node: ProposalNode, context: CommandContext): Promise<void> {
  const { output } = context
  const { call } = act
  if (options.safe !== undefined) {
    if (!isAddress(options.safe, { strict: false }))
      throw usageError(`--safe is ${JSON.stringify(options.safe)}; it must be the address of a Safe.`)
    const { time } = await readBlock(node.client)
    const about = {
      chainId: node.chainId,
      safe: getAddress(options.safe),
      name: `Ballast: ${act.name}`,
      description: act.sentence,
      createdAt: time * 1000,
    }
    const batch = safeBatch([call], about) as Document
    output.result(batch, () => `${JSON.stringify(batch, null, 2)}\n`)
    return
  }
  const actor = await openActor(options, node, context)
  const document = {
    schema: 'ballast.proposalAct',
    version: 1,
    act: act.name,
    ...act.facts,
    from: actor.address,
    to: call.to,
    data: call.data,
  }
  if (options.send !== true) {
    await simulateCall(node.client, call, actor.address, undefined, node.catalogue)
    output.result(
      { ...document, sent: false, transaction: null },
      () => `${act.sentence}, from ${actor.address}: the simulation succeeds. Nothing was sent; add --send.`,
    )
    return
  }
  output.say(`${act.sentence}, from ${actor.address}`)
  await confirm(`Send it on chain ${node.chainId}?`, options.yes, context)
  await act.prepare?.(actor)
  const { transactionHash } = await sendCall(node.client, actor.wallet, call)
  output.result({ ...document, sent: true, transaction: transactionHash }, (colours) =>
    colours.good(`✓ ${act.done}, transaction ${transactionHash}`),
  )
}
