import { canonicalJson, contentHash } from '../../risk/hash/index.ts'
import type { EngineState, Hash, Json, UnixSeconds } from '../../risk/types/index.ts'
import { InvalidDocumentError, SnapshotRefusedError } from '../errors/EngineErrors.ts'
import { compareBars } from '../sources/compareObservation.ts'
import { parseSeed } from './documentSchemas.ts'
import type { EngineContext, NamedState } from './EngineContext.ts'
import { fetchDocument } from './fetchDocument.ts'

/** The last tick whose round the mandate accepted, as far as this engine has followed; undefined before the first. */
export function lastAccepted({ store, identity }: EngineContext): ReturnType<EngineContext['store']['lastRound']> {
  return store.lastRoundIn(identity.scope, ['mined'])
}

/**
 * State before the tick at `observedAt`: after the last accepted round, or the genesis state, which folds this engine's own bars known one tick earlier.
 */
export async function ownState(context: EngineContext, observedAt: UnixSeconds): Promise<NamedState> {
  const last = lastAccepted(context)
  if (last === undefined) return ownGenesis(context, observedAt)
  const cached = [...context.evaluations.values()].find(({ next }) => next.hash === last.state)
  return cached?.next ?? { hash: last.state, state: JSON.parse(await fetchDocument(context, last.state)) as EngineState }
}

/**
 * The state that a snapshot says it follows. It must be this engine's own; only for the first round of a market may it be a peer's
 * genesis state, once its seed bars were compared with the own ones and folded here.
 *
 * @throws {SnapshotRefusedError} It is another state.
 */
export async function stateBefore(context: EngineContext, snapshot: Hash, observedAt: UnixSeconds, priorState: Hash): Promise<NamedState> {
  const own = await ownState(context, observedAt)
  if (own.hash === priorState) return own
  const refuse = (what: string, mine: string, theirs: string, limit: string): never => {
    throw new SnapshotRefusedError({ snapshot, what, own: mine, theirs, limit })
  }
  if (lastAccepted(context) !== undefined) return refuse('prior state', own.hash, priorState, 'the state after the last accepted round')
  const { seed } = JSON.parse(await fetchDocument(context, priorState)) as { readonly seed?: Hash }
  if (typeof seed !== 'string') throw new InvalidDocumentError({ hash: priorState, detail: 'it is not an engine state' })
  const theirs = parseSeed(seed, await fetchDocument(context, seed))
  const { configuration } = context.identity
  const comparison = compareBars(await context.market.fetchSeed(observedAt - configuration.tickSeconds), theirs, configuration.tolerance)
  if (comparison.kind === 'differ')
    refuse(`seed ${comparison.what}`, String(comparison.own), String(comparison.theirs), String(comparison.limit))
  const rebuilt = nameState(context, context.genesisState(theirs, configuration.market, context.store))
  return rebuilt.hash === priorState ? rebuilt : refuse('genesis state', rebuilt.hash, priorState, 'the fold of its own seed bars')
}

/** Stores a state under its hash. */
export function nameState({ store }: EngineContext, state: EngineState): NamedState {
  return { hash: store.put(canonicalJson(state as unknown as Json)), state }
}

const genesisStates = new WeakMap<EngineContext, { readonly seed: Hash; readonly named: NamedState }>()

async function ownGenesis(context: EngineContext, observedAt: UnixSeconds): Promise<NamedState> {
  const { configuration } = context.identity
  const bars = await context.market.fetchSeed(observedAt - configuration.tickSeconds)
  const text = canonicalJson(bars as unknown as Json)
  const seed = contentHash(text)
  const known = genesisStates.get(context)
  if (known?.seed === seed) return known.named
  context.store.put(text)
  const named = nameState(context, context.genesisState(bars, configuration.market, context.store))
  genesisStates.set(context, { seed, named })
  return named
}
