import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { runDrill } from '../controller/drill/runDrill.ts'
import type { DrillResult } from '../controller/drill/types.ts'
import { drillChart } from './drill/drillChart.ts'
import { type DrillDocument, drillDocument } from './drill/drillDocument.ts'
import { drillMarkdown } from './drill/drillMarkdown.ts'
import { drillText } from './drill/drillText.ts'
import { openDrill } from './drill/openDrill.ts'
import { type DrillFlags, parseDrillOptions } from './drill/parseDrillOptions.ts'
import { CliError } from './kit/CliError.ts'
import { createProgress } from './kit/createProgress.ts'
import { defineCommand } from './kit/defineCommand.ts'
import type { Document } from './kit/json.ts'
import { parseWholeNumber } from './kit/options.ts'
import type { Terminal } from './kit/Terminal.ts'
import { writePlot } from './plot/writePlot.ts'

type Flags = DrillFlags & { readonly report?: string; readonly plot?: string }

/** `ballast drill`: a crash over accounts that trade, are liquidated, and default. */
export function drillCommand(terminal: Terminal): Command {
  return defineCommand<Flags>(
    terminal,
    {
      name: 'drill',
      summary: 'run a crash over accounts that trade and are liquidated, with the controller and without',
      details:
        'Traders of seven kinds, makers and bidders with limited capital clear on the twin of the contracts, or with --venue contracts on the contracts, along hourly bars, six steps an hour; the same people with the controller deciding ' +
        'every hour and with parameters that never move. After every block cash and positions must add up to the last digit; a run that does not ends with exit code 7.\n' +
        'With --data the bars are recorded; without, the market is simulated, with a crash on the second day, and the report says so.',
      examples: [
        { run: 'drill --accounts 50 --seed 1', what: 'a simulated crash, small' },
        { run: 'drill --data DIR --market ETH,BTC --from 2020-03-10 --to 2020-03-15 --seed 1,2,3,4,5', what: 'March 2020, five seeds' },
        { run: 'drill --data DIR --from 2021-05-18 --to 2021-05-21 --controller on --report may.md --plot may.svg', what: 'with a report' },
      ],
    },
    (command) =>
      command
        .option('--data <folder>', 'recorded bars from this data folder; without it the market is simulated')
        .option('--market <names>', 'markets in config/markets, the first is the common factor', 'BTC,ETH')
        .option('--from <time>', 'first hour; needed with --data')
        .option('--to <time>', 'last hour; default is four days after --from')
        .option('--accounts <number>', 'traders', parseWholeNumber('--accounts', 1), 200)
        .option('--seed <list>', 'seeds, one run each', '1')
        .option('--controller <when>', 'on, off or both', 'both')
        .option('--venue <where>', 'twin of the contracts, or contracts: themselves, on a chain of this process', 'twin')
        .option(
          '--bidder-capital <percent>',
          "capital of all bidders, percent of the traders' deposits",
          parseWholeNumber('--bidder-capital', 0),
          10,
        )
        .option('--fund <percent>', "insurance fund at the start, percent of the traders' deposits", parseWholeNumber('--fund', 0), 2)
        .option('--gas <usd>', 'cost of a transaction in a calm market', parseWholeNumber('--gas', 0), 5)
        .option('--report <file>', 'also write the report as Markdown')
        .option('--plot <file>', 'also draw the first seed over time, as SVG'),
    async (_args, flags, context) => {
      const options = parseDrillOptions(flags, terminal.folder)
      const planned = options.seeds.flatMap((seed) => options.controllers.map((controller) => ({ seed, controller })))
      const hours = (options.to - options.from) / 3_600
      const progress = createProgress(context, 'hours', planned.length * hours)
      const runs: DrillResult[] = []
      for (const [i, { seed, controller }] of planned.entries()) {
        const watch = { signal: context.signal, onHour: (done: number) => progress.tick(i * hours + done) }
        const { setup, close } = await openDrill(options, seed, controller)
        try {
          runs.push(await runDrill({ ...setup, ...watch }))
        } finally {
          await close()
        }
      }
      progress.end()
      const document: DrillDocument = drillDocument(options, runs)
      context.output.result(document as unknown as Document, (colours) => drillText(document, colours))
      if (flags.report !== undefined) {
        const path = resolve(terminal.folder, flags.report)
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, drillMarkdown(document))
        context.output.say(`Wrote ${flags.report}.`)
      }
      writePlot(context, flags.plot, () => drillChart(document))
      const broken = runs.flatMap(({ seed, controller, faults }) =>
        faults.map((fault) => `seed ${seed}, controller ${controller ? 'on' : 'off'}: ${fault}`),
      )
      if (broken.length > 0) throw new CliError('checkFailed', `Conservation failed ${broken.length} times. ${broken[0]}`)
    },
  )
}
