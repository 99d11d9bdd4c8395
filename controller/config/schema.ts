import { z } from 'zod'
import type { Address, Hash, ScopeId } from '../../risk/types/index.ts'
import { webhookEndpointsSchema } from '../../webhooks/index.ts'

const seconds = (fallback: number, least: number, most: number, about: string) =>
  z.number().min(least).max(most).default(fallback).describe(`${about} Seconds.`)
const address = z
  .custom<Address>(
    (value) => typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value),
    'must be an address of 20 bytes as hex with 0x',
  )
  .meta({ type: 'string', pattern: '^0x[0-9a-fA-F]{40}$' })
const hash = z
  .custom<Hash>((value) => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value), 'must be 32 bytes as lower-case hex with 0x')
  .meta({ type: 'string', pattern: '^0x[0-9a-f]{64}$' })
const path = (about: string) => z.string().min(1).describe(`${about} Relative to this file.`)
const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' })
const instant = z.iso.datetime({ error: 'must be a time in UTC such as 2020-03-08T00:00:00Z' })

const chain = z.strictObject({
  id: z.int().min(1).describe('Chain id (EIP-155). 31337 is the local chain.'),
  deployment: path('Deployment record, as `ballast deploy apply` writes it.'),
  confirmations: z
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .describe('Blocks, the one with the transaction included, after which a round counts as mined.'),
  pollSeconds: seconds(2, 0.01, 600, 'Between two looks at the chain.'),
  maxHeadAgeSeconds: seconds(120, 1, 86_400, 'Oldest head that still counts as the present.'),
})

const rpc = z.strictObject({
  urls: z
    .array(url)
    .min(1)
    .max(10)
    .describe('JSON-RPC endpoints, in order of preference. They may carry keys, and are shown by host only.'),
  requestTimeoutSeconds: seconds(10, 0.05, 300, 'How long one request may take.'),
  failureThreshold: z.int().min(1).max(100).default(3).describe('Failures in a row after which an endpoint rests.'),
  pauseSeconds: seconds(60, 0.1, 3_600, 'How long it rests.'),
  batchSize: z.int().min(1).max(1_000).default(100).describe('Most requests of one HTTP call; 1 for nodes that take no batches.'),
  maxLagBlocks: z.int().min(0).max(10_000).default(5).describe('Blocks that an endpoint may be behind the most advanced one.'),
})

const fees = z.strictObject({
  capGwei: z.number().positive().max(100_000).default(200).describe('Nothing is sent above this fee per gas.'),
  priorityGwei: z.number().min(0).max(10_000).default(1).describe('Tip per gas.'),
  replaceAfterSeconds: seconds(60, 0.1, 3_600, 'A transaction not mined after this long is replaced with a higher fee.'),
})

const engine = z.strictObject({
  catalogue: path('Parameter catalogue.'),
  configurations: z
    .array(path('Engine configuration, one per scope.'))
    .min(1)
    .max(16)
    .describe('Scopes that this engine runs; all of one market.'),
  build: hash.nullable().default(null).describe('Engine build that must run here; null accepts the one that does.'),
  delaySeconds: z.int().min(0).max(3_540).default(60).describe("Between a bar's close and the tick. Seconds: below 60, or whole minutes."),
  proposerTimeoutSeconds: seconds(20, 0.05, 600, 'How long each engine in turn waits for a round of the one before.'),
  cosignTimeoutSeconds: seconds(300, 0.05, 900, "How long a round that needs one waits for a steward's signature."),
  submitterTimeoutSeconds: seconds(60, 0.05, 600, 'How long a fully signed round waits for its proposer before anyone sends it.'),
})

const signer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('keystore'), path: path('Keystore file; its password is in BALLAST_KEYSTORE_PASSWORD.') }),
  z.strictObject({ kind: z.literal('environment').describe('The private key is in BALLAST_PRIVATE_KEY.') }),
])

const source = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('recorded'),
    directory: path('Data folder with recordings in `ohlcv/`.'),
    from: instant.describe('First time that is needed.'),
    to: instant.describe('Last time that is needed.'),
    file: z.string().min(1).nullable().default(null).describe('Exactly this recording; null takes the one with the longest history.'),
    seedDays: z.int().min(1).max(3_650).default(1_096).describe('History that the first state is folded from. Days.'),
  }),
  z.strictObject({
    kind: z.literal('simulated'),
    seed: z.string().min(1).max(100),
    origin: instant.describe('Start of the first bar; a whole hour.'),
    price: z.number().positive().describe('First price. USD.'),
    vol: z.number().min(0.01).max(5).describe('Long-run annualised volatility; 0.8 is 80 %.'),
    depthUsd: z.number().positive().describe('USD that moves the price by 1 % in calm hours.'),
    hourlyVolume: z.number().positive().describe('Units of the base asset traded in a calm hour.'),
    openInterest: z.number().positive().describe('Units of the base asset.'),
    crashes: z
      .array(
        z.strictObject({
          at: instant.describe('Start of the first falling hour; a whole hour.'),
          hours: z.int().min(1).max(1_000),
          fall: z.number().min(0).max(0.99).describe('Share of the price that is lost; 0.45 is -45 %.'),
        }),
      )
      .max(100)
      .default([]),
  }),
])

const portfolios = z
  .strictObject({
    seed: z.string().min(1).max(100),
    accounts: z.int().min(1).max(100_000).default(300).describe('Simulated accounts; snapshots name them as synthetic.'),
    loans: path('Recorded loans against the asset, as the accounts instead of simulated ones; at most `accounts` of them.').optional(),
  })
  .describe('Accounts to decide on where no clearing is deployed.')

const scope = z
  .custom<ScopeId>((value) => typeof value === 'string' && /^group:[!-~]{1,31}$/.test(value), 'must be a margin group such as group:MAIN')
  .meta({ type: 'string', pattern: '^group:[!-~]{1,31}$' })

const clearing = z
  .strictObject({
    deployment: path('Deployment record of clearing, as `ballast deploy` writes it beside the protocol.'),
    group: scope.describe('Margin group whose accounts, fund and surfaces the engine decides on.'),
    store: path('Database of the accounts, rebuilt from events when it is lost.'),
  })
  .describe('A deployed clearing: its accounts take the place of `portfolios`.')

const surface = z
  .strictObject({
    source: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('folder').describe('Surfaces that a desk fits and writes, one file each.'),
        directory: path('Folder of documents ballast.surface, named *.json.'),
      }),
      z.strictObject({
        kind: z.literal('recorded').describe('Recorded option chains, fitted when they are known.'),
        directory: path('Data folder with recordings in `options/`.'),
      }),
      z.strictObject({ kind: z.literal('simulated').describe('The volatility of the simulated market, flat over strikes.') }),
    ]),
    signer: z
      .discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('keystore'),
          path: path('Keystore file; its password is in BALLAST_SURFACE_KEYSTORE_PASSWORD.'),
        }),
        z.strictObject({ kind: z.literal('environment').describe('The private key is in BALLAST_SURFACE_PRIVATE_KEY.') }),
      ])
      .describe("The surface signer's key, never an engine's. It signs surfaces and pays for what is posted."),
    store: path('Database of what is being posted.'),
    maxAgeSeconds: seconds(600, 1, 900, 'Oldest surface that is posted or signed for another.'),
    validitySeconds: seconds(43_200, 3_600, 86_400, 'How long a posted surface is valid.'),
    gasLimit: z.int().min(2_000_000).max(1_000_000_000).default(16_000_000).describe('Gas that one transaction may take.'),
    timeoutSeconds: seconds(600, 1, 3_000, 'How long posting may take in one tick.'),
  })
  .describe('Posts the surface of the market and the price ladders that are due; needs `clearing`.')

const store = z.strictObject({
  path: path("The engine's database."),
  maxMegabytes: z.number().min(1).nullable().default(null).describe('Largest size of the database; null is no limit.'),
})

const http = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Interface to listen on. Loopback keeps other machines out.'),
  port: z.int().min(0).max(65_535).default(8_600).describe('0 takes any free one.'),
  allowedHosts: z
    .array(z.string().min(1))
    .max(20)
    .default([])
    .describe('Values of the Host header that are answered besides the own address.'),
  timeoutSeconds: seconds(10, 0.05, 300, 'How long another engine may take for a document or a notice.'),
  signTimeoutSeconds: seconds(15, 0.05, 300, 'How long another engine may take to recompute and sign a round.'),
})

/** Everything one engine process needs, but its secrets. */
export const daemonSchema = z.strictObject({
  schema: z.literal('ballast.daemon'),
  version: z.literal(1),
  send: z
    .boolean()
    .nullable()
    .default(null)
    .describe('Sign and send. Null sends on the local chain alone; elsewhere it stays a dry run until this says true.'),
  chain,
  rpc,
  fees: fees.prefault({}),
  engine,
  engines: z
    .array(z.strictObject({ address, url: url.describe('Where the engine answers its peers.') }))
    .min(1)
    .max(32)
    .describe('All engines, this one included, in the order in which they take turns.'),
  signer,
  source,
  portfolios: portfolios.optional(),
  clearing: clearing.optional(),
  surface: surface.optional(),
  store,
  http: http.prefault({}),
  webhooks: webhookEndpointsSchema.default([]).describe('Who is told of ticks that were missed or halted; docs/webhooks.md.'),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
})

export type DaemonConfig = z.infer<typeof daemonSchema>

/** JSON Schema of the configuration file, for editors: the text of config/schema/daemon.json. */
export function daemonSchemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(daemonSchema, { io: 'input', unrepresentable: 'any' }), null, 2)}\n`
}
