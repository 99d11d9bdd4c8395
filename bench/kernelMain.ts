// `npm run bench:kernel`: the kernel alone beside its peers. `--json` prints one line.
import { benchKernel } from './kernel.ts'
import { printRows } from './print.ts'

printRows(await benchKernel(), process.argv.includes('--json'))
