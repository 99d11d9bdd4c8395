// `npm run bench`: what the loop costs, beside its references. `--json` prints one line. Gas is apart: `npm run bench:gas`.
import { printRows } from './print.ts'
import { benchRisk } from './risk.ts'

printRows(await benchRisk(), process.argv.includes('--json'))
