// `npm run bench`: what the loop costs, beside its limits. `--json` prints one line, `--long` runs the daemon for 10,000 ticks (half an hour).
// Gas is apart: `npm run bench:gas`.
import { benchAudit } from './audit.ts'
import { benchDaemon } from './daemon.ts'
import { benchKernel } from './kernel.ts'
import { benchModels } from './models.ts'
import { printRows } from './print.ts'
import { benchRisk } from './risk.ts'
import { benchStart } from './start.ts'

const daemonTicks = process.argv.includes('--long') ? 10_000 : 200
printRows(
  [
    ...(await benchRisk()),
    ...(await benchKernel()),
    ...(await benchModels()),
    ...(await benchAudit()),
    ...benchStart(),
    ...(await benchDaemon(daemonTicks)),
  ],
  process.argv.includes('--json'),
)
