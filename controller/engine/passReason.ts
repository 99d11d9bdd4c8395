import { MissingDataError, RpcUnavailableError, WrongChainError } from '../../chain/errors/index.ts'
import { FeeCapError, IntentExpiredError, StaleHeadError } from '../errors/ChainErrors.ts'
import {
  CosignMissingError,
  InvalidDocumentError,
  MissingDocumentError,
  PeerError,
  SnapshotRefusedError,
  TooFewSignaturesError,
} from '../errors/EngineErrors.ts'
import { BadPrintError, StaleFeedError, UnavailableError } from '../errors/SourceErrors.ts'
import { EquivocationError, StoreFullError } from '../errors/StoreErrors.ts'

const families = {
  source: [StaleFeedError, UnavailableError, BadPrintError],
  chain: [StaleHeadError, RpcUnavailableError, MissingDataError, WrongChainError],
  peers: [TooFewSignaturesError, PeerError, MissingDocumentError, InvalidDocumentError, SnapshotRefusedError],
  claimed: [EquivocationError],
  steward: [CosignMissingError],
  sending: [IntentExpiredError, FeeCapError],
  store: [StoreFullError],
} as const

export const passReasons = [...(Object.keys(families) as (keyof typeof families)[]), 'other'] as const
export type PassReason = (typeof passReasons)[number]

/** Which part stood in the way of an own turn, for the metric: the log has the failure itself. */
export function passReason(error: unknown): PassReason {
  const found = Object.entries(families).find(([, classes]) => classes.some((each) => error instanceof each))
  return (found?.[0] as PassReason | undefined) ?? 'other'
}
