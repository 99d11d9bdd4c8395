import { isSignedBy } from '../../chain/typed-data/index.ts'
import type { Address, Hash, RoundSignature } from '../../risk/types/index.ts'
import { PeerError, TooFewSignaturesError } from '../errors/EngineErrors.ts'
import type { EngineContext, Evaluation } from './EngineContext.ts'
import { roundRecord } from './roundRecord.ts'
import { signRound } from './signRound.ts'

export type Proposal =
  | { readonly kind: 'signed'; readonly evaluation: Evaluation; readonly signatures: readonly RoundSignature[] }
  /** A peer already signed a round from another snapshot of this tick: that one goes on. */
  | { readonly kind: 'other'; readonly snapshot: Hash; readonly from: Address }

/**
 * Propose: signs, asks every peer at once, and returns as soon as enough signatures are there. The fully signed round is told to the peers, so that any of them can
 * send it.
 *
 * @throws {TooFewSignaturesError} With every peer's refusal.
 */
export async function propose(context: EngineContext, evaluation: Evaluation): Promise<Proposal> {
  const { peers, store, threshold, identity, log, signal } = context
  const { round, snapshot, snapshotHash } = evaluation
  const own = await context.exclusive(() => signRound(context, evaluation))
  if (round === null) throw new TypeError('A halt is not proposed.')
  const { digest } = round
  const signatures = [own]
  const refusals: string[] = []
  let other: { readonly snapshot: Hash; readonly from: Address } | undefined
  const request = { scope: identity.scope, observedAt: snapshot.observedAt, snapshot: snapshotHash, digest, engine: identity.build }
  await enough(threshold - 1, peers.addresses, async (peer) => {
    try {
      const signature = await peers.requestSignature(peer, request, signal)
      if (await isSignedBy(peer, digest, signature.data)) {
        signatures.push({ signer: peer, data: signature.data })
        return true
      }
      refusals.push(`${peer} sent a signature of something else`)
      log.error({ peer, digest }, 'peer sent a false signature')
    } catch (error) {
      if (!(error instanceof PeerError)) throw error
      refusals.push(error.message)
      const { claimed } = error.context
      if (claimed !== undefined && claimed.snapshot !== snapshotHash) other = { snapshot: claimed.snapshot, from: peer }
      log.warn({ peer, digest, error }, 'peer did not sign')
    }
    return false
  })
  if (signatures.length < threshold) {
    if (other !== undefined) return { kind: 'other', ...other }
    throw new TooFewSignaturesError({ digest, given: signatures.length, needed: threshold, refusals })
  }
  const chosen = signatures.slice(0, threshold)
  store.saveRound(roundRecord(evaluation, 'signed', { signatures: chosen }))
  log.info(
    { scope: identity.scope, observedAt: snapshot.observedAt, round: round.adjustment.round, digest, signatures: chosen.length },
    'round fully signed',
  )
  await peers.tell({ kind: 'signed', scope: identity.scope, digest, signatures: chosen })
  return { kind: 'signed', evaluation, signatures: chosen }
}

/** Resolves when `needed` of the attempts succeeded or all are over; a fault of this program is thrown. */
function enough<Item>(needed: number, items: readonly Item[], attempt: (item: Item) => Promise<boolean>): Promise<void> {
  return new Promise((resolve, reject) => {
    let succeeded = 0
    let open = items.length
    if (needed <= 0 || open === 0) resolve()
    for (const item of items) {
      attempt(item).then((success) => {
        if (success) succeeded++
        open--
        if (succeeded >= needed || open === 0) resolve()
      }, reject)
    }
  })
}
