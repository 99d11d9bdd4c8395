import { accessSync, constants, existsSync, mkdirSync, readdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { numericFingerprint } from '../risk/math/fingerprint.ts'
import { addConfigOption, type ConfigOption, openConfig } from './context/openConfig.ts'
import { openClient, openNode, rpcUrl } from './context/openNode.ts'
import { projectRoot } from './context/projectRoot.ts'
import { CliError } from './kit/CliError.ts'
import { type CommandContext, defineCommand } from './kit/defineCommand.ts'
import { addChainOptions, type ChainOptions } from './kit/options.ts'
import { toCliError } from './kit/reportError.ts'
import type { Terminal } from './kit/Terminal.ts'
import { latestRun, runsFolder } from './run/latestRun.ts'
import { loadMarket } from './start/loadMarket.ts'

type DoctorOptions = ChainOptions & ConfigOption
type Check = { readonly name: string; readonly ok: boolean; readonly detail: string }

/** `ballast doctor`: what this machine can and cannot do, and what to do about it. */
export function doctorCommand(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'doctor',
      summary: 'check this machine: Node, build, numbers, configuration, disk, chain',
      details: 'With --rpc it also asks the node, with --config it also checks an engine. Exit code 7 when something is wrong.',
      examples: [
        { run: 'doctor', what: 'this machine' },
        { run: 'doctor --rpc http://127.0.0.1:8545 --config engine.yaml', what: 'and a node and an engine' },
      ],
    },
    (command) => addChainOptions(addConfigOption(command)),
    async (_args, options: DoctorOptions, context) => {
      const checks: Check[] = []
      for (const [name, check] of machineChecks()) checks.push(await attempt(name, check))
      if (options.config !== undefined) {
        const { config } = options
        checks.push(await attempt('configuration', () => openConfig({ config }, context).file))
      }
      if (rpcUrl(options, context) !== undefined) checks.push(...(await chainChecks(options, context)))
      const failed = checks.filter(({ ok }) => !ok)
      context.output.result({ schema: 'ballast.doctor', version: 1, ok: failed.length === 0, checks }, (colours) =>
        checks.map(({ name, ok, detail }) => `${ok ? colours.good('✓') : colours.bad('✗')} ${name.padEnd(14)} ${detail}`).join('\n'),
      )
      if (failed.length > 0) throw new CliError('checkFailed', `${failed.length} of ${checks.length} checks fail.`)
    },
  )
}

/** Each says what it found, or throws. */
function machineChecks(): readonly (readonly [string, () => string | Promise<string>])[] {
  return [
    ['node', () => `${process.version} on ${process.platform} ${process.arch}`],
    ['contracts', checkArtifacts],
    ['fingerprint', checkFingerprint],
    ['markets', checkMarkets],
    ['disk', checkDisk],
    ['last run', () => latestRun(projectRoot) ?? 'none yet: npm start -- --once'],
  ]
}

async function attempt(name: string, check: () => string | Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await check() }
  } catch (error) {
    const { message, hint } = toCliError(error)
    return { name, ok: false, detail: hint === '' ? message : `${message} ${hint}` }
  }
}

function checkArtifacts(): string {
  const file = join(projectRoot, 'artifacts', 'contracts', 'parameters', 'RiskParameters.sol', 'RiskParameters.json')
  if (!existsSync(file))
    throw new CliError('failure', 'The contracts are not compiled.', 'Any start through npm or bin/ballast compiles them.')
  return 'compiled'
}

/** This machine computes the same bits as the engines are configured for. */
function checkFingerprint(): string {
  const own = numericFingerprint()
  const folder = join(projectRoot, 'config')
  const engines = marketNames(folder).flatMap((name) => {
    try {
      return loadMarket(folder, name).engines
    } catch (error) {
      if (error instanceof CliError && error.kind === 'notFound') return []
      throw error
    }
  })
  const other = engines.find(({ fingerprint }) => fingerprint !== own)
  if (other !== undefined)
    throw new CliError('checkFailed', `This machine computes ${own}, the configuration of ${other.scope} wants ${other.fingerprint}.`)
  return `${own}, as ${engines.length} engine configurations want`
}

function checkMarkets(): string {
  return marketNames(join(projectRoot, 'config')).join(', ')
}

function marketNames(folder: string): string[] {
  return readdirSync(join(folder, 'markets'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace('.json', '').toUpperCase())
}

const neededBytes = 500_000_000

function checkDisk(): string {
  const folder = join(projectRoot, runsFolder)
  mkdirSync(folder, { recursive: true })
  accessSync(folder, constants.W_OK)
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const text = `${(free / 1e9).toFixed(1)} GB free for ${runsFolder}`
  if (free < neededBytes) throw new CliError('failure', `${text}; a run wants 0.5 GB.`)
  return text
}

async function chainChecks(options: DoctorOptions, context: CommandContext): Promise<Check[]> {
  const node = await attempt('node of chain', async () => {
    const { client, chainId, url } = await openClient(options, context)
    return `chain ${chainId} at block ${await client.getBlockNumber()} (${new URL(url).host})`
  })
  if (!node.ok) return [node]
  return [node, await attempt('deployment', async () => `addresses for chain ${(await openNode(options, context)).chainId} found`)]
}
