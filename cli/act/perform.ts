import { getAddress, isAddress, type LocalAccount } from 'viem'
import { ContractRevertError } from '../../chain/errors/index.ts'
import { readBlock } from '../../chain/read/index.ts'
import { type Call, sendCall, simulateCall } from '../../chain/write/index.ts'
import type { Address } from '../../risk/types/index.ts'
import { confirm } from '../context/openSender.ts'
import { CliError, usageError } from '../kit/CliError.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import type { Document } from '../kit/json.ts'
import type { ChainOptions, SendOptions } from '../kit/options.ts'
import { toCliError } from '../kit/reportError.ts'
import type { ActNode } from './openActNode.ts'
import { type Actor, type ActorOptions, openActor } from './openActor.ts'
import { safeBatch } from './safeBatch.ts'

export type PerformOptions = ChainOptions & SendOptions & ActorOptions & { readonly safe?: string }

/** The account that will send: `account` signs typed data, null for a Safe and for accounts that a local node signs for. */
export type Caller = { readonly address: Address; readonly account: LocalAccount | null }

/** One act on the chain, in words. */
export type Act = {
  /** What the document says the act is: `vote`. */
  readonly name: string
  readonly call: Call
  readonly sentence: string
  readonly facts: { readonly [key: string]: Document }
  /** What it changes, in human units, a line each. */
  readonly changes?: readonly string[]
  /** Who may act and when, in sentences; asked when the contract refuses. */
  readonly may?: () => Promise<string>
  /** Sent before the call, for example a contract that it needs. */
  readonly prepare?: (actor: Actor) => Promise<void>
  /** Sentence after success. */
  readonly done: string
}

/**
 * Sends a call after simulating it and asking; without `--send` only simulates, with `--safe` only writes the file.
 *
 * @param wanted - The act, or what makes it for the account that will send.
 * @throws {ContractRevertError} The contract would refuse; as {CliError} where the act knows who may.
 */
export async function perform(
  wanted: Act | ((caller: Caller) => Promise<Act>),
  options: PerformOptions,
  node: ActNode,
  context: CommandContext,
): Promise<void> {
  const { output } = context
  const actFor = (caller: Caller): Promise<Act> => (typeof wanted === 'function' ? wanted(caller) : Promise.resolve(wanted))
  if (options.safe !== undefined) {
    const safe = parseSafe(options.safe)
    const act = await actFor({ address: safe, account: null })
    const { time } = await readBlock(node.client)
    const about = { chainId: node.chainId, safe, name: `Ballast: ${act.name}`, description: act.sentence, createdAt: time * 1000 }
    const batch = safeBatch([act.call], about) as Document
    output.result(batch, () => `${JSON.stringify(batch, null, 2)}\n`)
    return
  }
  const actor = await openActor(options, node, context)
  const act = await actFor(actor)
  const { call, changes = [] } = act
  await explained(act, () => simulateCall(node.client, call, actor.address, undefined, node.catalogue))
  const document = {
    schema: 'ballast.act',
    version: 1,
    act: act.name,
    ...act.facts,
    changes,
    from: actor.address,
    to: call.to,
    data: call.data,
  }
  const lines = changes.map((line) => `\n  ${line}`).join('')
  if (options.send !== true) {
    output.result(
      { ...document, sent: false, transaction: null },
      () => `${act.sentence}, from ${actor.address}: the simulation succeeds.${lines}\nNothing was sent; add --send.`,
    )
    return
  }
  output.say(`${act.sentence}, from ${actor.address}${lines}`)
  await confirm(`Send it on chain ${node.chainId}?`, options.yes, context)
  await act.prepare?.(actor)
  const { transactionHash } = await explained(act, () => sendCall(node.client, actor.wallet, call))
  output.result({ ...document, sent: true, transaction: transactionHash }, (colours) =>
    colours.good(`✓ ${act.done}, transaction ${transactionHash}`),
  )
}

/** Adds to a refusal of the contract who may act. */
async function explained<Result>({ may }: Act, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof ContractRevertError) || may === undefined) throw error
    const { kind, message, context } = toCliError(error)
    throw new CliError(kind, message, await may(), context, { cause: error })
  }
}

function parseSafe(text: string): Address {
  if (!isAddress(text, { strict: false })) throw usageError(`--safe is ${JSON.stringify(text)}; it must be the address of a Safe.`)
  return getAddress(text)
}
