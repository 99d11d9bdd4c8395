import { benchIndexer } from './indexer.ts'
import { printRows } from './print.ts'

printRows(await benchIndexer(process.argv.includes('--long') ? 100_000 : 20_000), process.argv.includes('--json'))
