import { ContractRevertError } from '../../chain/errors/index.ts'
import { buildSubmitRound, simulateCall } from '../../chain/write/index.ts'
import type { Hash, RoundSignature } from '../../risk/types/index.ts'
import type { EngineContext } from '../engine/EngineContext.ts'
import { HttpFault } from './HttpFault.ts'

/** What the mandate says of a signature that is no steward's of this digest; every other refusal is of the round. */
const ofSigner = ['NotASteward', 'CosignerIsEngine', 'BadSignature'].map((reason) => `ControllerMandate_${reason}`)

/**
 * Keeps a steward's signature of a round that waits here, once the mandate would take the round with it: a wrong one must not end the wait.
 *
 * @throws {HttpFault} 404 no such round waits, 403 the mandate refuses the signature, 409 it refuses the round.
 */
export async function keepCosign(
  { waiting, mailbox, client, deployment, key, identity, log }: EngineContext,
  digest: Hash,
  cosign: RoundSignature,
): Promise<void> {
  const { scope } = identity
  const round = waiting.get(digest)
  if (round === undefined) throw new HttpFault(404, 'noRound', `Round ${digest} of ${scope} does not wait here.`)
  try {
    await simulateCall(client, buildSubmitRound(deployment, round.adjustment, round.signatures, cosign), key.address)
  } catch (error) {
    if (!(error instanceof ContractRevertError)) throw error
    const isOfSigner = ofSigner.includes(error.context.errorName ?? '')
    throw new HttpFault(isOfSigner ? 403 : 409, isOfSigner ? 'badCosign' : 'refused', error.message, {}, { cause: error })
  }
  mailbox.keepCosign(digest, cosign)
  log.info({ scope, digest, steward: cosign.signer }, 'round co-signed')
}
