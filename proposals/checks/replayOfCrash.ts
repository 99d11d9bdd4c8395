import type { CrashTick } from '../risk/index.ts'
import type { Check } from './Check.ts'

const most = (ticks: readonly CrashTick[], of: (tick: CrashTick) => number): number =>
  ticks.reduce((largest, tick) => Math.max(largest, of(tick)), 0)

/** The largest fall that the engine knows, lived through again from the proposed values. */
export const replayOfCrash: Check = {
  name: 'crash-replay',
  title: 'The last crash is replayed under the new values.',
  check: ({ risk }) => {
    if (risk.kind === 'unaffected') return { info: ['No value that margin reads is changed.'], warnings: [], errors: [] }
    if (risk.kind === 'missing') return { info: [], warnings: [], errors: ['There is nothing to replay a crash from.'] }
    const findings = { info: [] as string[], warnings: [] as string[], errors: [] as string[] }
    for (const { market, replay, replayMissing } of risk.markets) {
      if (replay === null) {
        findings.warnings.push(`${market}: the crash was not replayed. ${replayMissing}`)
        continue
      }
      const debt = { before: most(replay.before, ({ badDebt }) => badDebt), after: most(replay.after, ({ badDebt }) => badDebt) }
      const flagged = {
        before: most(replay.before, ({ liquidatable }) => liquidatable),
        after: most(replay.after, ({ liquidatable }) => liquidatable),
      }
      const percent = (replay.fall * 100).toFixed(1)
      findings.info.push(
        `${market}: a fall of ${percent} % in a day, ${replay.accounts} accounts at most: liquidatable at the worst ${flagged.before} to ${flagged.after}, bad debt ${Math.round(debt.before)} to ${Math.round(debt.after)} USD.`,
      )
      if (debt.after > debt.before + 1)
        findings.warnings.push(
          `${market}: bad debt in the replayed crash grows from ${Math.round(debt.before)} to ${Math.round(debt.after)} USD.`,
        )
    }
    return findings
  },
}
