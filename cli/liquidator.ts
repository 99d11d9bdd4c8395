import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Command } from 'commander'
import { formatAccountId, parseAccountId } from '../chain/clearing/index.ts'
import type { LiquidatorContext, LiquidatorPass } from '../controller/bots/LiquidatorContext.ts'
import { runLiquidatorPass } from '../controller/bots/runLiquidatorPass.ts'
import { elapsed, systemClock } from '../controller/clock/systemClock.ts'
import { createLog } from '../controller/log/createLog.ts'
import { openMonitorStore } from '../controller/monitor/openMonitorStore.ts'
import { openSigner } from '../controller/signers/openSigner.ts'
import { openStore } from '../controller/store/openStore.ts'
import { RetryableError } from '../risk/errors/index.ts'
import { type ClearingOptions, openClearing } from './context/openClearing.ts'
import { readDeployment } from './context/openNode.ts'
import type { KeyOption } from './context/openSender.ts'
import { usageError } from './kit/CliError.ts'
import { type CommandContext, defineCommand, defineNoun } from './kit/defineCommand.ts'
import type { Document } from './kit/json.ts'
import { addChainOptions, parseWholeNumber } from './kit/options.ts'
import type { Terminal } from './kit/Terminal.ts'
import { formatTable } from './kit/table.ts'
import { humanUsd } from './kit/values.ts'
import { decimal } from './liquidator/decimal.ts'

type Options = ClearingOptions &
  KeyOption & {
    readonly account?: string
    readonly store: string
    readonly once?: true
    readonly send?: true
    readonly every: number
    readonly nativePrice: number
    readonly keeperReward: number
    readonly leastProfit: number
    readonly safety: number
    readonly exposure: number
    readonly spread: number
    readonly depth: number
    readonly vol: number
    readonly gasCap: number
  }

const SECONDS_PER_YEAR = 365 * 86_400
const GWEI = 1e9
/** Seconds from a simulation to the block its transaction lands in. */
const INCLUSION = 60

/** `ballast liquidator`: the reference bot. */
export function liquidatorNoun(terminal: Terminal): Command {
  return defineNoun('liquidator', 'flags accounts below maintenance, calls debts, and buys slices and collateral where that pays', [
    runVerb(terminal),
  ])
}

function runVerb(terminal: Terminal): Command {
  return defineCommand<Options>(
    terminal,
    {
      name: 'run',
      summary: 'watch every account; bid, and buy collateral behind debts, where reward exceeds spread, impact, gas and an adverse move',
      details:
        'Without --send it shows what it would do. Every call is simulated before it is signed, stored before it is sent, and carries a guard, so that a quote that got worse costs nothing: see ' +
        'docs/guides/liquidate.md. The key comes from --keystore (password in BALLAST_KEYSTORE_PASSWORD) or from BALLAST_PRIVATE_KEY; its account must hold margin. Collateral is paid with cash of the key itself, no more than it has approved to the vault.',
      examples: [
        { run: 'liquidator run --rpc http://127.0.0.1:8545 --once', what: 'one pass, nothing is sent' },
        { run: 'liquidator run --rpc http://127.0.0.1:8545 --send --keystore bot.json', what: 'until it is stopped' },
      ],
      lasting: true,
    },
    (command) =>
      addChainOptions(
        command
          .option('--clearing <file>', 'addresses of clearing; default deployments/<chain id>.clearing.json')
          .option('--keystore <file>', "keystore file of the bidder's key")
          .option('--account <account>', "account that buys; default is the key's first")
          .option('--store <path>', 'files for what was read and what was sent: <path>.monitor.sqlite and <path>.sqlite', 'var/liquidator')
          .option('--once', 'one pass, then exit')
          .option('--send', 'send; without it the command only shows what it would do')
          .option('--every <seconds>', 'between two passes', parseWholeNumber('--every', 1), 12)
          .option('--native-price <usd>', 'price of the native currency, for gas', decimal('--native-price', 0, 1e9), 2_000)
          .option(
            '--keeper-reward <usd>',
            'what a flag is worth: liquidation.keeperReward of the markets',
            decimal('--keeper-reward', 0, 1e6),
            5,
          )
          .option('--least-profit <usd>', 'least profit of a bid or a purchase', decimal('--least-profit', 0, 1e9), 10)
          .option(
            '--safety <sigmas>',
            'adverse move that a bid or a purchase must survive, standard deviations',
            decimal('--safety', 0, 20),
            3,
          )
          .option(
            '--exposure <seconds>',
            'from the purchase until delta or collateral is traded away',
            decimal('--exposure', 0, 86_400),
            60,
          )
          .option('--spread <bps>', 'half spread where delta and collateral are traded away', decimal('--spread', 0, 1_000), 5)
          .option('--depth <usd>', 'what moves that price by 1 percent', decimal('--depth', 1, 1e15), 5_000_000)
          .option('--vol <percent>', 'annual volatility of that price', decimal('--vol', 1, 2_000), 80)
          .option('--gas-cap <gwei>', 'nothing is sent above this', decimal('--gas-cap', 0.000_001, 1e6), 200),
      ),
    async (_args, options, context) => {
      const { bot, close } = await openBot(options, context)
      try {
        if (options.once === true) {
          const pass = await runLiquidatorPass(bot)
          context.output.result(passDocument(pass), (colours) => passText(pass, colours.dim))
          return
        }
        const passes = await runUntilStopped(bot, options.every, context)
        context.output.result({ schema: 'ballast.liquidatorStopped', version: 1, passes }, () => `Stopped after ${passes} passes.`)
      } finally {
        close()
      }
    },
  )
}

async function openBot(
  options: Options,
  context: CommandContext,
): Promise<{ readonly bot: LiquidatorContext; readonly close: () => void }> {
  const { terminal, signal } = context
  const { client, deployment, chainId } = await openClearing(options, context)
  const { riskParameters } = readDeployment(options, context, chainId).contracts
  const signer =
    options.keystore === undefined
      ? ({ kind: 'environment' } as const)
      : ({ kind: 'keystore', path: resolve(terminal.folder, options.keystore) } as const)
  const key = await openSigner(signer, terminal.environment)
  const bidder = parseAccountId(options.account ?? key.address)
  if (BigInt(key.address) !== bidder >> 96n)
    throw usageError(`--account ${formatAccountId(bidder)} is not owned by the key, ${key.address}.`)
  const path = resolve(terminal.folder, options.store)
  mkdirSync(dirname(path), { recursive: true })
  const store = openStore({ path: `${path}.sqlite` })
  const monitor = openMonitorStore(`${path}.monitor.sqlite`)
  const log = createLog('info', { bidder: formatAccountId(bidder) })
  const bot: LiquidatorContext = {
    client,
    deployment,
    riskParameters,
    monitor,
    submitter: {
      client,
      chainId,
      key,
      store,
      clock: systemClock,
      log,
      fees: { capWei: BigInt(Math.round(options.gasCap * GWEI)), priorityWei: BigInt(GWEI) },
      confirmations: 1,
      pollSeconds: 2,
      replaceAfterSeconds: 30,
      elapsed,
      signal,
    },
    bidder,
    policy: {
      leastProfit: options.leastProfit,
      safety: options.safety,
      inclusion: INCLUSION,
      exposure: options.exposure,
      marginShare: 0.8,
      leastShare: 0.02,
    },
    unwind: {
      halfSpread: options.spread / 10_000,
      depth: options.depth,
      volPerRootSecond: options.vol / 100 / Math.sqrt(SECONDS_PER_YEAR),
    },
    nativePrice: options.nativePrice,
    keeperReward: options.keeperReward,
    log,
    send: options.send === true,
  }
  return {
    bot,
    close: () => {
      monitor.close()
      store.close()
    },
  }
}

/** Passes until the signal; a node that does not answer is asked again at the next one. */
async function runUntilStopped(bot: LiquidatorContext, every: number, { signal }: CommandContext): Promise<number> {
  let passes = 0
  while (!signal.aborted) {
    try {
      await runLiquidatorPass(bot)
      passes += 1
    } catch (error) {
      if (signal.aborted) break
      if (!(error instanceof RetryableError)) throw error
      bot.log.warn({ error }, 'pass failed')
    }
    await wait(every * 1_000, undefined, { signal }).catch(() => undefined)
  }
  return passes
}

function passDocument({ acts, passed, ...pass }: LiquidatorPass): { readonly [key: string]: Document } {
  return {
    schema: 'ballast.liquidatorPass',
    version: 1,
    ...pass,
    acts: acts.map((act) => ({ ...act, account: formatAccountId(act.account) })),
    passed: passed.map(({ account, reason }) => ({ account: formatAccountId(account), reason })),
  }
}

function passText(
  { block, accounts, below, auctions, debts, called, acts, passed }: LiquidatorPass,
  dim: (text: string) => string,
): string {
  const rows = [
    ...acts.map(({ kind, account, outcome, expectedProfit, detail }) => [
      kind,
      formatAccountId(account),
      outcome,
      expectedProfit === null ? '' : humanUsd(expectedProfit),
      detail,
    ]),
    ...passed.map(({ account, reason }) => ['pass', formatAccountId(account), reason, '', '']),
  ]
  const head = `Block ${block}: ${accounts} accounts, ${below} below maintenance, ${auctions} in auction; ${debts} debts above their limit, ${called} called.`
  return rows.length === 0
    ? head
    : [
        head,
        '',
        formatTable(
          ['act', 'account', 'outcome', 'expected profit', 'detail'].map((title) => ({ title })),
          rows,
          dim,
        ),
      ].join('\n')
}
