import type { Address, Hash, RoundSignature, UnixSeconds } from '../../risk/types/index.ts'

/** What peers told this engine since the tick began. All of it is a hint: the chain is asked before anything is believed. */
export type Mailbox = {
  /** A peer passes its turn to propose. */
  readonly pass: (observedAt: UnixSeconds, engine: Address) => void
  readonly passed: (observedAt: UnixSeconds, engine: Address) => boolean
  /** A fully signed round, so that its proposer is not the only one who can send it. */
  readonly keepSigned: (digest: Hash, signatures: readonly RoundSignature[]) => void
  readonly signed: (digest: Hash) => readonly RoundSignature[] | undefined
  /** A steward's signature of a round that needs one. */
  readonly keepCosign: (digest: Hash, cosign: RoundSignature) => void
  readonly cosign: (digest: Hash) => RoundSignature | undefined
  /** Wakes everyone who waits. */
  readonly wake: () => void
  /** How often anyone was woken so far. */
  readonly wakes: () => number
  /** Resolves once there were more wakes than `seen`, or when `signal` aborts. */
  readonly next: (seen: number, signal: AbortSignal) => Promise<void>
}

/** How many ticks' worth of hints are kept. */
const KEPT = 32

export function createMailbox(): Mailbox {
  const passes = new Map<string, true>()
  const signed = new Map<Hash, readonly RoundSignature[]>()
  const cosigns = new Map<Hash, RoundSignature>()
  let waiting: (() => void)[] = []
  let wakes = 0
  const wake = (): void => {
    wakes++
    const woken = waiting
    waiting = []
    for (const resume of woken) resume()
  }
  const keep = <Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void => {
    map.set(key, value)
    for (const oldest of map.keys()) {
      if (map.size <= KEPT) break
      map.delete(oldest)
    }
    wake()
  }
  const passKey = (observedAt: UnixSeconds, engine: Address): string => `${observedAt}:${engine.toLowerCase()}`
  return {
    pass: (observedAt, engine) => keep(passes, passKey(observedAt, engine), true),
    passed: (observedAt, engine) => passes.has(passKey(observedAt, engine)),
    keepSigned: (digest, signatures) => keep(signed, digest, signatures),
    signed: (digest) => signed.get(digest),
    keepCosign: (digest, cosign) => keep(cosigns, digest, cosign),
    cosign: (digest) => cosigns.get(digest),
    wake,
    wakes: () => wakes,
    next: (seen, signal) =>
      new Promise((resolve) => {
        if (signal.aborted || wakes > seen) return resolve()
        const done = (): void => {
          signal.removeEventListener('abort', done)
          waiting = waiting.filter((each) => each !== done)
          resolve()
        }
        signal.addEventListener('abort', done, { once: true })
        waiting.push(done)
      }),
  }
}
