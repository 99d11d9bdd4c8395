import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeChainLog } from '../../cli/audit/chainLogFile.ts'
import { fetchChainLog } from '../../cli/audit/fetchChainLog.ts'
import { projectRoot } from '../../cli/context/projectRoot.ts'
import { writeDocument } from '../../cli/run/documentsFolder.ts'
import type { RunManifest } from '../../cli/run/RunManifest.ts'
import { loadMarket } from '../../cli/start/loadMarket.ts'
import { createPeople, type Person } from '../../cli/start/people.ts'
import { setUpChain } from '../../cli/start/setUpChain.ts'
import { readEngineBuild } from '../../controller/engine/readEngineBuild.ts'
import { openSources } from '../../controller/sources/openSources.ts'
import { openStore } from '../../controller/store/openStore.ts'
import { createChainWorld } from '../../controller/world/createChainWorld.ts'
import { canonicalJson } from '../../risk/hash/index.ts'
import { numericFingerprint } from '../../risk/math/fingerprint.ts'
import { replayMarket } from '../../risk/replay/index.ts'
import type { Json, Signer } from '../../risk/types/index.ts'

const hour = 3_600
/** Three ticks; the market falls from the second one on. */
export const from = Date.parse('2020-03-10T00:00:00Z') / 1000
export const to = from + 2 * hour

/** A run folder as `npm start` writes it, made in this process: real contracts, a real vote, two signatures a round, one scope. */
export async function makeRun(): Promise<{ readonly folder: string; readonly rpc: string; readonly close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-run-'))
  const whole = loadMarket(join(projectRoot, 'config'), 'ETH')
  const engines = whole.engines
    .filter(({ scope }) => scope === 'market:ETH')
    .map((engine) => ({ ...engine, fingerprint: numericFingerprint() }))
  const [configuration] = engines
  if (configuration === undefined) throw new Error('no configuration of market:ETH')
  const people = createPeople()
  const chain = await setUpChain({ configuration: { ...whole, engines }, people, from, to, spot: 200, port: 0, say: () => undefined })
  const daemon = daemonConfig(
    folder,
    chain.url,
    people.engines.map(({ account }) => account.address),
  )
  writeRunFiles(folder, daemon, whole.catalogue, configuration, chain.deployment)
  const store = openStore({ path: join(folder, 'engine-1.sqlite') })
  const sources = openSources(daemon as unknown as Parameters<typeof openSources>[0], 'ETH', configuration.maxBarAge)
  store.put(canonicalJson((await sources.market.fetchSeed(from - hour)) as unknown as Json))
  const [a, b] = people.engines
  const world = createChainWorld({
    local: chain.local,
    deployment: chain.deployment,
    catalogue: whole.catalogue,
    signers: [signer(a), signer(b)],
    sender: a.account,
    steward: signer(people.steward),
  })
  const engine = readEngineBuild(projectRoot)
  for await (const tick of replayMarket({
    ...sources,
    world,
    configuration,
    catalogue: whole.catalogue,
    engine,
    documents: store,
    from,
    to,
  })) {
    if (tick.decided.decision.kind === 'halt') throw new Error(`tick ${tick.observedAt} halted: ${tick.decided.decision.detail}`)
  }
  store.close()
  writeChainLog(
    join(folder, 'chain.ndjson'),
    await fetchChainLog(chain.local.client, chain.deployment, { signal: new AbortController().signal, say: () => undefined }),
  )
  const manifest: RunManifest = {
    schema: 'ballast.run',
    version: 1,
    market: 'ETH',
    scopes: ['market:ETH'],
    chainId: chain.deployment.chainId,
    from,
    to,
    engines: ['engine-1.json'],
    engineBuild: engine,
  }
  writeFileSync(join(folder, 'run.json'), JSON.stringify(manifest))
  return { folder, rpc: chain.url, close: chain.local.close }
}

function daemonConfig(folder: string, url: string, addresses: readonly string[]): object {
  return {
    schema: 'ballast.daemon',
    version: 1,
    chain: { id: 31_337, deployment: join(folder, 'deployment.json') },
    rpc: { urls: [url] },
    engine: { catalogue: join(folder, 'catalogue.json'), configurations: [join(folder, 'configuration-market-ETH.json')] },
    engines: addresses.map((address) => ({ address, url: 'http://127.0.0.1:1' })),
    signer: { kind: 'environment' },
    source: {
      kind: 'simulated',
      seed: 'test',
      origin: '2019-08-20T00:00:00Z',
      price: 200,
      vol: 0.7,
      depthUsd: 5_000_000,
      hourlyVolume: 60_000,
      openInterest: 400_000,
      crashes: [{ at: '2020-03-09T12:00:00Z', hours: 24, fall: 0.45 }],
    },
    portfolios: { seed: 'test', accounts: 20 },
    store: { path: join(folder, 'engine-1.sqlite') },
  }
}

function writeRunFiles(folder: string, daemon: object, catalogue: object, configuration: object, deployment: object): void {
  mkdirSync(folder, { recursive: true })
  const write = (name: string, value: object): void => writeFileSync(join(folder, name), JSON.stringify(value))
  write('engine-1.json', daemon)
  write('catalogue.json', catalogue)
  write('configuration-market-ETH.json', configuration)
  write('deployment.json', deployment)
  writeDocument(folder, canonicalJson(configuration as unknown as Json))
}

function signer({ account }: Person): Signer {
  return { address: account.address, signDigest: async (hash) => (await account.sign?.({ hash })) ?? '0x' }
}
