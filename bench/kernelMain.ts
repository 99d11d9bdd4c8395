// `npm run bench:kernel`: kernel and models alone beside their peers. `--json` prints one line.
import { benchKernel } from './kernel.ts'
import { benchModels } from './models.ts'
import { printRows } from './print.ts'

printRows([...(await benchKernel()), ...(await benchModels())], process.argv.includes('--json'))
