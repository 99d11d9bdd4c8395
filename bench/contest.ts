import type { BenchRow } from './BenchRow.ts'
import { buildPeer, mergeRuns, type Peer, type PeerRun, runPeer } from './peers/peer.ts'
import type { Timing } from './Timing.ts'

const ROUNDS = 3

/** A contestant's timing in one measurement. */
export type Entry = { readonly name: string; readonly timing: Timing }

/** Rows of one goal: our timing against its target, the others, which all run on one thread, against ours in processor time. */
export function rowsOf(goal: string, unit: string, target: number, ours: Timing, others: readonly Entry[], threads = 1): BenchRow[] {
  const reference = `goal ${target} ${unit}`
  const processor = ours.processor / threads
  const figure = `${processor.toPrecision(3)} ${unit} of ours`
  return [
    { name: `${goal}, best`, value: ours.best, unit, reference, ratio: ours.best / target },
    { name: `${goal}, median`, value: ours.median, unit, reference, ratio: ours.median / target },
    { name: `${goal}, processor time${threads === 1 ? '' : ' per core'}`, value: processor, unit, reference, ratio: processor / target },
    ...others.map(({ name, timing }) => ({
      name: `  ${name}, processor time`,
      value: timing.processor,
      unit,
      reference: figure,
      ratio: timing.processor / processor,
    })),
  ]
}

export const titles: Readonly<Record<Peer, string>> = { plain: 'C++ -O3', avx512: 'C++ AVX-512 by hand', quantlib: 'QuantLib' }

/** Runs peers round by round between the rounds of `act`. */
export async function contest(
  peers: readonly Peer[],
  names: readonly string[],
  act: () => Promise<void>,
): Promise<ReadonlyMap<Peer, readonly PeerRun[]>> {
  const built = peers.flatMap((peer) => {
    const result = buildPeer(peer)
    if ('program' in result) return [{ peer, program: result.program, runs: [] as PeerRun[] }]
    process.stderr.write(`bench: ${titles[peer]} skipped: ${result.skipped}\n`)
    return []
  })
  for (let round = 0; round < ROUNDS; round++) {
    await act()
    for (const { program, runs } of built) {
      const run = runPeer(program, names)
      if (run !== undefined) runs.push(run)
    }
  }
  return new Map(built.filter(({ runs }) => runs.length > 0).map(({ peer, runs }) => [peer, runs]))
}

/** One timing of a peer, or none where it was skipped. `what` follows its title. */
export function entry(runs: ReadonlyMap<Peer, readonly PeerRun[]>, peer: Peer, name: string, what: string): Entry[] {
  const timing = mergeRuns(runs.get(peer) ?? []).get(name)
  return timing === undefined ? [] : [{ name: `${titles[peer]}${what}`, timing }]
}
