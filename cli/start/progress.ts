import type { TickSummary } from '../../controller/engine/EngineContext.ts'
import { coloursFor } from '../kit/colours.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import { formatDuration, shortTime } from '../kit/time.ts'
import type { Progress } from './runMarket.ts'

const barWidth = 24
const every = 12

/** Live progress on stderr: one line that rewrites itself at a terminal, a line every twelve ticks elsewhere; each adjusting tick is kept. */
export function createProgress({ terminal, output }: Pick<CommandContext, 'terminal' | 'output'>): Progress & { readonly end: () => void } {
  const live = terminal.errorsAreTerminal
  const colours = coloursFor(live, terminal.environment, true)
  const started = Date.now()
  let open = false
  const clear = (): void => {
    if (open) terminal.writeError('\r\u001b[2K')
    open = false
  }
  return {
    say: (text) => {
      clear()
      output.say(text)
    },
    tick: (observedAt, done, total, summaries) => {
      const moved = summaries[0]?.filter(({ decision, outcome }) => decision === 'adjust' && outcome === 'accepted') ?? []
      const missed = missedBy(summaries)
      clear()
      for (const { round } of moved) output.say(`  ${shortTime(observedAt)} UTC  round ${round} moves parameters`)
      for (const detail of missed) output.warn(`${shortTime(observedAt)} UTC: ${detail}`)
      const rest = ((Date.now() - started) / done) * (total - done)
      const bar = '█'.repeat(Math.round((done / total) * barWidth)).padEnd(barWidth, '░')
      const line = `${bar} ${done}/${total}  ${shortTime(observedAt)} UTC  ${formatDuration(rest / 1000)} left`
      if (live && output.remarks) {
        terminal.writeError(colours.dim(line))
        open = true
      } else if (done % every === 0 || done === total)
        output.say(`  tick ${done}/${total}  ${shortTime(observedAt)} UTC  ${formatDuration(rest / 1000)} left`)
    },
    end: clear,
  }
}

/** Why a tick was not accepted, once per scope. */
function missedBy(summaries: readonly (readonly TickSummary[] | null)[]): string[] {
  const [first] = summaries
  return (first ?? [])
    .filter(({ outcome }) => outcome !== 'accepted')
    .map(({ outcome, detail }) => `tick ${outcome}${detail === '' ? '' : `: ${detail}`}`)
}
