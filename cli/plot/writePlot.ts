import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { usageError } from '../kit/CliError.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import { type Chart, renderChart } from './renderChart.ts'

/**
 * Writes the chart of `--plot` and says so; nothing when the option is absent.
 *
 * @throws {CliError} The name does not end in .svg.
 */
export function writePlot(
  { terminal, output }: Pick<CommandContext, 'terminal' | 'output'>,
  file: string | undefined,
  chart: () => Chart,
): void {
  if (file === undefined) return
  if (!file.endsWith('.svg')) throw usageError(`--plot is ${JSON.stringify(file)}; it must end in .svg.`)
  const path = resolve(terminal.folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, renderChart(chart()))
  output.say(`Wrote ${file}.`)
}
