import type { CommandContext } from './defineCommand.ts'
import { formatDuration } from './time.ts'

/** Tells how far long work has come. */
export type Progress = {
  /** `done` of the total is done. */
  readonly tick: (done: number) => void
  /** Takes the line away. Call it before anything else is written. */
  readonly end: () => void
}

/** Milliseconds before a line appears, and between two of them. */
const PATIENCE = 400
/** Without a terminal, with --verbose: a line for each such share. */
const SHARE = 0.1

/**
 * Progress of one piece of work on stderr: done of total, rate and time left. At a terminal one line that rewrites itself, once the work takes longer than a moment; elsewhere nothing, or with
 * `--verbose` a line every tenth. Silent with `--quiet`.
 *
 * @param what - Plural noun: `scenarios`.
 */
export function createProgress({ terminal, output }: Pick<CommandContext, 'terminal' | 'output'>, what: string, total: number): Progress {
  const live = terminal.errorsAreTerminal && output.remarks
  const started = performance.now()
  let lastShown = started
  let nextShare = SHARE
  let open = false
  const describe = (done: number): string => {
    const seconds = (performance.now() - started) / 1000
    const rate = done / Math.max(seconds, 1e-6)
    return `${done}/${total} ${what}, ${rate >= 10 ? Math.round(rate) : rate.toFixed(1)} per second, ${formatDuration((total - done) / rate)} left`
  }
  return {
    tick: (done) => {
      if (live) {
        const now = performance.now()
        if (now - lastShown < PATIENCE && done < total) return
        if (!open && done === total) return
        lastShown = now
        terminal.writeError(`\r\u001b[2K${describe(done)}`)
        open = true
      } else if (done >= nextShare * total) {
        nextShare = Math.floor(done / (SHARE * total) + 1) * SHARE
        output.step(describe(done))
      }
    },
    end: () => {
      if (open) terminal.writeError('\r\u001b[2K')
      open = false
    },
  }
}
