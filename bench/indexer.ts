import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPublicClient, http, numberToHex } from 'viem'
import { createIndexClient, type IndexPage } from '../chain/index-client/index.ts'
import { createIndexer } from '../indexer/createIndexer.ts'
import { parameterEntity } from '../indexer/entities/index.ts'
import { createGraphql } from '../indexer/graphql/createGraphql.ts'
import { serveIndex } from '../indexer/http/serveIndex.ts'
import { writeCalendar } from '../indexer/http/writeCalendar.ts'
import { buildSetValues } from '../proposals/draft/index.ts'
import { quantile } from '../risk/math/index.ts'
import type { ParameterValue } from '../risk/types/index.ts'
import { people } from '../test/chain/support.ts'
import { configuration, startMarket, type TestMarket } from '../test/controller/support/market.ts'
import type { BenchRow } from './BenchRow.ts'

const PAGE = 500
const LIVE_BLOCKS = 40
const INTERVAL_MILLISECONDS = 250

/**
 * The index on a local chain in this process, which shares its processor time: backfill over JSON-RPC, lag behind single blocks, and pages of the whole
 * history over HTTP.
 *
 * @param changes - Parameter changes in the history.
 */
export async function benchIndexer(changes: number): Promise<BenchRow[]> {
  const market = await startMarket()
  const folder = mkdtempSync(join(tmpdir(), 'ballast-bench-'))
  const stop = new AbortController()
  const client = createPublicClient({ transport: http(market.url, { batch: { batchSize: 100 } }), cacheTime: 0 })
  const path = join(folder, 'index.sqlite')
  const indexer = createIndexer({ client, deployment: market.deployment, path })
  try {
    await indexer.pass(stop.signal)
    const write = writer(market, indexer.index)
    let written = 0
    while (written < changes) written += await write()

    const started = performance.now()
    const processor = process.cpuUsage()
    const { events } = await indexer.pass(stop.signal)
    const { user, system } = process.cpuUsage(processor)
    const seconds = (performance.now() - started) / 1_000
    const rate = events / seconds
    indexer.index.file.database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    const kilobytes = statSync(path).size / events / 1_024

    const graphql = createGraphql(indexer.index.file, market.deployment.chainId, indexer.status)
    const server = await serveIndex({
      host: '127.0.0.1',
      port: 0,
      graphql,
      status: indexer.status,
      calendar: () => writeCalendar(indexer.index.rows, 31_337, 0),
      alive: () => true,
    })
    const index = createIndexClient(server.url)
    const pages: number[] = []
    const processorOfPages: number[] = []
    for (const where of [{}, { parameter: 'margin.priceScanRange' }])
      for (let after: string | null = ''; after !== null; ) {
        const from = performance.now()
        const spent = process.cpuUsage()
        const { page }: IndexPage<'parameterChanges'> = await index.page('parameterChanges', {
          first: PAGE,
          where,
          ...(after !== '' && { after }),
        })
        pages.push(performance.now() - from)
        const { user, system } = process.cpuUsage(spent)
        processorOfPages.push((user + system) / 1_000)
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
      }

    const following = indexer.follow({ signal: stop.signal, intervalMilliseconds: INTERVAL_MILLISECONDS })
    const lags: number[] = []
    for (let n = 0; n < LIVE_BLOCKS; n++) {
      await write()
      const mined = performance.now()
      const head = Number(await client.getBlockNumber())
      while (((await index.status()).block ?? 0) < head) await sleep(5)
      lags.push((performance.now() - mined) / 1_000)
    }
    stop.abort()
    await following
    await server.close()
    return [
      { name: `indexer: backfill of ${events} events`, value: rate, unit: 'events/s', reference: 'at least 500', ratio: rate / 500 },
      { name: 'indexer: the same by processor time, the chain included', value: (events / (user + system)) * 1e6, unit: 'events/s' },
      { name: 'indexer: file, undo journal and indexes included', value: kilobytes, unit: 'kB per change' },
      { name: 'indexer: load of the machine', value: loadavg()[0] ?? 0, unit: 'processes', reference: `${availableParallelism()} cores` },
      ...[0.5, 1].map((level) => ({
        name: `indexer: live lag, ${level === 1 ? 'largest' : 'median'} of ${LIVE_BLOCKS} blocks`,
        value: quantile(lags, level),
        unit: 's',
        reference: 'below 1 s',
      })),
      { name: 'indexer: first page, before anything is compiled', value: pages[0] ?? 0, unit: 'ms' },
      ...[0.5, 0.95, 1].map((level) => ({
        name: `indexer: page of ${PAGE} of ${written} changes over HTTP, ${level === 1 ? 'largest' : `${level * 100} %`} of ${pages.length - 1}`,
        value: quantile(pages.slice(1), level),
        unit: 'ms',
        reference: 'below 100 ms',
      })),
      // On a machine with other work the largest of the above is the wait for a processor.
      ...[0.5, 1].map((level) => ({
        name: `indexer: the same by processor time, server and client, ${level === 1 ? 'largest' : 'median'}, the first page included`,
        value: quantile(processorOfPages, level),
        unit: 'ms',
        reference: 'below 100 ms',
      })),
    ]
  } finally {
    stop.abort()
    indexer.close()
    await market.local.close()
    rmSync(folder, { recursive: true })
  }
}

/** Writes every parameter of the scope once per call, up and down by one unit; returns how many. */
function writer({ local, deployment }: TestMarket, { rows }: ReturnType<typeof createIndexer>['index']): () => Promise<number> {
  const live = rows.find(parameterEntity, { scope: configuration.scope })
  const values = live.map(({ parameter, value, rule }) => {
    const from = value ?? 0
    return { parameter, from, other: from < rule.ceiling ? from + 1 : from - 1 }
  })
  let turn = 0
  return async () => {
    turn += 1
    const next = Object.fromEntries(
      values.map(({ parameter, from, other }) => [parameter, (turn % 2 === 1 ? other : from) as ParameterValue]),
    )
    const { target, data } = buildSetValues(deployment, configuration.scope, next)
    await local.request('eth_sendTransaction', [{ from: people.alice.address, to: target, data, gas: numberToHex(10_000_000) }])
    return values.length
  }
}
