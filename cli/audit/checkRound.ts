import { decodeFunctionData } from 'viem'
import { controllerMandateAbi } from '../../chain/generated/index.ts'
import { decodeParamId, decodeScopeId } from '../../chain/ids/index.ts'
import { adjustmentDigest, domainOf } from '../../chain/typed-data/index.ts'
import type { Adjustment, Hash, ParameterValue, RoundSignature } from '../../risk/types/index.ts'
import { type AuditFault, fault } from './AuditFault.ts'
import type { ChainLog, ProtocolTransaction } from './ChainLog.ts'
import type { HistoryLink } from './decodeHistory.ts'
import { type AcceptedRound, idOf } from './foldHistory.ts'
import type { Recovered, SignedDigest } from './recoverSigners.ts'

/** A round as its transaction carried it. */
export type SubmittedRound = {
  readonly adjustment: Adjustment
  readonly signatures: readonly RoundSignature[]
  /** A steward's signature on the same digest; null when there was none. */
  readonly cosign: RoundSignature | null
  /** Digest recomputed from the calldata. */
  readonly digest: Hash
}

const noSigner = '0x0000000000000000000000000000000000000000'

/** The transaction with this hash, when the log holds it. */
export function transactionOf({ transactions }: Pick<ChainLog, 'transactions'>, hash: Hash): ProtocolTransaction | undefined {
  return transactions.find((transaction) => transaction.hash === hash)
}

/** The round in the calldata of a transaction; undefined when there is none, or it went through another contract. */
export function submittedRound(
  log: Pick<ChainLog, 'deployment' | 'chainId'>,
  transaction: ProtocolTransaction | undefined,
): SubmittedRound | undefined {
  const { controllerMandate } = log.deployment.contracts
  if (transaction?.to?.toLowerCase() !== controllerMandate.toLowerCase()) return undefined
  const call = decodeCall(transaction.input)
  if (call?.functionName !== 'submitRound') return undefined
  const [struct, signatures, cosign] = call.args
  const adjustment: Adjustment = {
    ...struct,
    scope: decodeScopeId(struct.scope),
    items: struct.items.map(({ id, expected, value }) => ({
      id: decodeParamId(id),
      expected: Number(expected) as ParameterValue,
      value: Number(value) as ParameterValue,
    })),
  }
  return {
    adjustment,
    signatures,
    cosign: cosign.signer === noSigner ? null : cosign,
    digest: adjustmentDigest(adjustment, domainOf('controllerMandate', log.chainId, controllerMandate)),
  }
}

function decodeCall(input: `0x${string}`): ReturnType<typeof decodeFunctionData<typeof controllerMandateAbi>> | undefined {
  try {
    return decodeFunctionData({ abi: controllerMandateAbi, data: input })
  } catch {
    return undefined
  }
}

/**
 * An accepted round against its own calldata: digest, evidence, numbering, what became of its items, and k of n signatures of its epoch.
 *
 * @param around - The accepted round of the same scope before it, its own calldata, all links of its transaction, and whose keys signed.
 * @returns Faults, and how many signatures were recovered.
 */
export function checkRound(
  log: ChainLog,
  round: AcceptedRound,
  around: {
    readonly previous: AcceptedRound | undefined
    readonly submitted: SubmittedRound | undefined
    readonly links: readonly HistoryLink[]
    readonly signers: Recovered
  },
): { readonly faults: readonly AuditFault[]; readonly signatures: number } {
  const { link } = round
  const { previous, submitted, links, signers } = around
  const place = `round ${round.round} of ${round.scope}`
  if (submitted === undefined)
    return { faults: [fault('rounds', place, 'a call of submitRound', `transaction ${link.transaction} is none`, link)], signatures: 0 }
  const { adjustment, digest } = submitted
  const faults: AuditFault[] = []
  const compare = (what: string, expected: string, got: string): void => {
    if (expected !== got) faults.push(fault('rounds', `${what} of ${place}`, expected, got, link))
  }
  compare('scope', adjustment.scope, round.scope)
  compare('epoch', String(adjustment.epoch), String(round.epoch))
  compare('number', String(adjustment.round), String(round.round))
  compare('digest', round.digest, digest)
  compare('snapshot', round.snapshot, adjustment.snapshot)
  compare('engine', round.engine, adjustment.engine)
  compare('configuration', round.configuration, adjustment.configuration)
  compare('report', round.report, adjustment.report)
  compare('observation time', String(round.observedAt), String(adjustment.observedAt))
  compare('number after the one before', String((previous?.round ?? 0) + 1), String(round.round))
  if (previous !== undefined && round.observedAt <= previous.observedAt)
    faults.push(fault('rounds', `observation time of ${place}`, `after ${previous.observedAt}`, String(round.observedAt), link))
  for (const { id, value } of adjustment.items) {
    const outcome = links.find((each) => outcomeArgument[each.event] !== undefined && idOf(each.args) === id)
    compare(`value of ${id}`, String(value), String(outcome?.args[outcomeArgument[outcome.event] ?? ''] ?? 'no outcome'))
  }
  compare('items', outcomesOf(links), `${round.applied} applied, ${round.pended} pended, ${round.rejected} rejected`)
  const signed = checkSignatures(log, round, submitted, signers, place)
  return { faults: [...faults, ...signed.faults], signatures: signed.valid }
}

/** The signatures of a round with what they sign. */
export function signedDigests({ digest, signatures }: SubmittedRound): SignedDigest[] {
  return signatures.map(({ data, signer }) => ({ digest, data, signer }))
}

/** What can become of an item, and the argument of that event that carries the value it asked for. */
const outcomeArgument: Readonly<Record<string, string>> = {
  ParameterUpdated: 'value',
  LooseningPended: 'target',
  ItemRejected: 'proposed',
  ItemShadowed: 'proposed',
}

/** How many items the store applied, pended and rejected in one transaction, by its own events. */
function outcomesOf(links: readonly HistoryLink[]): string {
  const count = (name: string): number => links.filter((link) => link.event === name).length
  return `${count('ParameterUpdated')} applied, ${count('LooseningPended')} pended, ${count('ItemRejected')} rejected`
}

/**
 * k of n signatures of the round's epoch over the recomputed digest, by key or by the answer of a contract, and that the epoch was in force.
 *
 * @param recovered - Whose keys made the signatures, in their order.
 */
export function checkSignatures(
  { contractSignatures }: Pick<ChainLog, 'contractSignatures'>,
  round: AcceptedRound,
  { digest, signatures }: SubmittedRound,
  recovered: Recovered,
  place: string,
): { readonly faults: readonly AuditFault[]; readonly valid: number; readonly signers: readonly string[] } {
  const { engines, link } = round
  const faults: AuditFault[] = []
  const wrong = (expected: string, got: string): void => {
    faults.push(fault('signatures', place, expected, got, link))
  }
  if (engines === null || engines.epoch !== round.epoch) wrong(`an engine set of epoch ${round.epoch}`, `epoch ${engines?.epoch ?? 'none'}`)
  const signers = new Set<string>()
  const isAccepted = (signer: string): boolean =>
    contractSignatures.some((judged) => judged.digest === digest && judged.signer.toLowerCase() === signer.toLowerCase() && judged.valid)
  for (const [i, { signer, data }] of signatures.entries()) {
    const known = engines?.engines.some((engine) => engine.toLowerCase() === signer.toLowerCase()) ?? false
    if (!known) wrong('an engine of the epoch', signer)
    else if (recovered[i] === signer.toLowerCase() || isAccepted(signer)) signers.add(signer.toLowerCase())
    else wrong(`a signature of ${digest} by ${signer}`, data)
  }
  const threshold = engines?.threshold ?? 1
  if (faults.length === 0 && signers.size < threshold) wrong(`${threshold} signatures`, String(signers.size))
  return { faults, valid: signers.size, signers: [...signers] }
}
