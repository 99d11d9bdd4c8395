import { benchGas } from './gas.ts'
import { printRows } from './print.ts'

printRows(await benchGas(), process.argv.includes('--json'))
