// `npm run bench:indexer`: `--long` has a history of 100,000 changes, which takes some minutes to make.
import { benchIndexer } from './indexer.ts'
import { printRows } from './print.ts'

printRows(await benchIndexer(process.argv.includes('--long') ? 100_000 : 20_000), process.argv.includes('--json'))
