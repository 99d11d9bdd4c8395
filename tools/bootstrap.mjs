// The one entrance: runs a script of the project under a Node that can run it, after installing and building what is missing.
// Plain JavaScript for Node >= 20, no dependencies. Usage: node tools/bootstrap.mjs <script.ts> [args...]
// Exit codes of its own: 1 build failed, 2 wrong usage, 5 installation failed; otherwise those of the script. Says nothing on stdout.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { canRunBallast, correctSpelling, nodeOptions, sameTree, stampOf, withoutNpm } from './bootstrap-lib.mjs'
import { build, buildIsFresh } from './build.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const env = withoutNpm(process.env)
const pathKey = Object.keys(env).find((key) => /^path$/i.test(key)) ?? 'PATH'

/** @param {string} text */
const say = (text) => process.stderr.write(`ballast: ${text}\n`)

/** @type {(code: number, text?: string) => never} */
const stop = (code, text) => {
  if (text) say(text)
  process.exit(code)
}

// --- children and signals -----------------------------------------------------------------------------------------------------------

/** @type {import('node:child_process').ChildProcess | undefined} */
let child
/** @type {NodeJS.Signals | undefined} */
let stoppedBy
// A terminal sends Ctrl-C to the whole process group; passing it on would make it arrive twice.
const atTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY)
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => {
    stoppedBy = signal
    if (!(signal === 'SIGINT' && atTerminal)) child?.kill(signal)
  })

/**
 * Runs a command to its end, passing signals on.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<{ code: number, output: string }>} Exit code (128 + number of a signal) and what was piped.
 */
async function run(command, args, options) {
  const started = spawn(command, args, options)
  child = started
  let output = ''
  for (const stream of [started.stdout, started.stderr])
    stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output += text
    })
  const code = await new Promise((resolve) => {
    started.on('error', (error) => {
      output += error.message
      resolve(1)
    })
    started.on('close', (status, signal) => resolve(signal ? 128 + constants.signals[signal] : status))
  })
  child = undefined
  return { code, output }
}

/**
 * As {@link run}, for a step of the installation: a signal ends everything after it.
 *
 * @type {typeof run}
 */
async function step(command, args, options) {
  const result = await run(command, args, options)
  if (stoppedBy) stop(128 + constants.signals[stoppedBy])
  return result
}

// --- the lock ----------------------------------------------------------------------------------------------------------------------

// One file and no folder: a folder cannot be removed while the next start puts its file into it.
const lockFile = join(root, '.install-lock')
let locked = false
process.on('exit', () => locked && rmSync(lockFile, { force: true }))

/** @param {number} pid */
function isAlive(pid) {
  if (pid === process.pid || pid === process.ppid) return false // numbers come back, for example after a container restarts
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/** Ids of the processes in the lock: its holder and the npm it started, which may outlive it. `undefined` when nobody holds it. */
function lockHolders() {
  try {
    const pids = readFileSync(lockFile, 'utf8').split(' ').filter(Boolean).map(Number)
    const justCreated = pids.length === 0 && Date.now() - statSync(lockFile).mtimeMs < 5_000
    return justCreated || pids.some(isAlive) ? pids : undefined
  } catch {
    return undefined // removed in the meantime
  }
}

/** Waits until no other start is installing. */
async function lock() {
  for (let told = false; !locked; ) {
    try {
      writeFileSync(lockFile, `${process.pid}`, { flag: 'wx' })
      // Two starts may both have removed a dead lock, one of them the other's new one: whose id is there after a moment has it.
      await sleep(100)
      locked = readFileSync(lockFile, 'utf8') === `${process.pid}`
    } catch (error) {
      const { code, message } = /** @type {NodeJS.ErrnoException} */ (error)
      if (code !== 'EEXIST' && code !== 'ENOENT') stop(5, `cannot install here: ${message}`)
      const holders = lockHolders()
      if (holders === undefined) {
        rmSync(lockFile, { recursive: true, force: true })
        continue
      }
      if (!told) say(`waiting for another installation (process ${holders.join(', ')}); if there is none, delete .install-lock`)
      told = true
      await sleep(300)
    }
    if (stoppedBy) stop(128 + constants.signals[stoppedBy])
  }
}

// --- installation ------------------------------------------------------------------------------------------------------------------

/** Finds npm's own file, to run it with a Node of our choice: the npm that started us, the first on PATH, or the one beside this Node. */
function npmCli() {
  const here = dirname(process.execPath)
  const folders = [...(env[pathKey] ?? '').split(delimiter), here]
  const candidates = [
    join(dirname(process.env['npm_execpath'] ?? here), 'npm-cli.js'),
    ...folders.flatMap((folder) => [join(folder, 'npm'), join(folder, 'node_modules/npm/bin/npm-cli.js')]),
    join(here, '../lib/node_modules/npm/bin/npm-cli.js'),
  ]
  const found = candidates.filter((path) => existsSync(path)).map((path) => realpathSync(path))
  return found.find((path) => path.endsWith('npm-cli.js')) ?? stop(5, 'npm was not found beside this Node; install npm, then try again')
}

/**
 * Environment of a child that runs under `node`.
 *
 * @param {string} node
 * @returns {NodeJS.ProcessEnv}
 */
function childEnvironment(node) {
  return {
    ...env,
    [pathKey]: [dirname(node), join(root, 'node_modules', '.bin'), env[pathKey] ?? ''].join(delimiter),
    HARDHAT_DISABLE_TELEMETRY: 'true',
  }
}

/**
 * Runs npm under `node`, with its global settings file where the running Node has it.
 *
 * @param {string} node
 * @param {string} folder
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
function npm(node, folder, args, options) {
  const prefix = process.platform === 'win32' ? dirname(process.execPath) : dirname(dirname(process.execPath))
  const settings = { npm_config_globalconfig: join(prefix, 'etc', 'npmrc'), ...childEnvironment(node) }
  return step(node, [npmCli(), ...args, '--loglevel=error'], { ...options, cwd: folder, env: settings })
}

/**
 * Says why the registry cannot be reached; an HTTP error is an answer, too: not every registry knows `ping`.
 *
 * @param {string} node
 */
async function registryTrouble(node) {
  const ping = ['ping', '--fetch-retries=0', '--fetch-timeout=8000']
  const { code, output } = await npm(node, root, ping, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 9_000 })
  const reason = /\bcode (\S+)/.exec(output)?.[1] ?? 'no answer'
  return code === 0 || /^E\d{3}$/.test(reason) ? undefined : reason
}

/**
 * Installs the packages of a folder as its lockfile says, unless they are there.
 *
 * @param {string} folder
 * @param {string} node - The Node that runs npm.
 * @param {string} nodeVersion - The Node the packages are for.
 * @param {string} what - For people.
 * @param {() => Promise<boolean>} works - Loads what npm may have left out in silence: it exits 0 without an optional native package.
 */
async function install(folder, node, nodeVersion, what, works) {
  const lockfile = readFileSync(join(folder, 'package-lock.json'), 'utf8')
  const stampFile = join(folder, 'node_modules', '.ballast-installed')
  const recordFile = join(folder, 'node_modules', '.package-lock.json')
  const wanted = stampOf(lockfile, process.platform, process.arch, /** @type {string} */ (nodeVersion.split('.')[0]))
  const isInstalled = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted
  if (isInstalled()) return
  await lock()
  if (isInstalled()) return
  // What npm has put here by hand, or outliving a start that was killed, is taken as it is.
  if (!(existsSync(recordFile) && sameTree(lockfile, readFileSync(recordFile, 'utf8')) && (await works()))) {
    rmSync(stampFile, { force: true })
    say(`installing ${what} ...`)
    const trouble = await registryTrouble(node)
    // Scripts are not needed by any package here. Without the registry npm's cache may still hold everything; --offline says so at once.
    const options = '--include=dev --include=optional --ignore-scripts --no-fund --no-audit --prefer-offline --fetch-retries=1'
    const running = npm(node, folder, ['ci', ...options.split(' '), ...(trouble ? ['--offline'] : [])], { stdio: ['ignore', 2, 2] })
    writeFileSync(lockFile, `${process.pid} ${child?.pid}`)
    const { code } = await running
    if (code !== 0 || !(await works())) {
      const unreachable = `npm cannot reach its registry (${trouble}) and its cache lacks packages; see \`npm config get registry proxy https-proxy\``
      stop(5, `${trouble ? unreachable : `${what} could not be installed`}. Nothing was started; run the command again to retry.`)
    }
  }
  writeFileSync(stampFile, wanted)
}

/** The Node to use: the running one, or one installed from npm when that is too old or of an odd major. */
async function chooseNode() {
  if (canRunBallast(process.version)) return { node: process.execPath, version: process.version }
  const folder = join(root, 'tools', 'node')
  const { optionalDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const name = [`node-${platform}`, `node-bin-${platform}`].find((candidate) => candidate in optionalDependencies)
  if (name === undefined) stop(5, `npm has no Node for ${platform}; install Node 24 or 26, then run the command again`)
  const node = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const version = `v${optionalDependencies[name]}`
  const answers = async () => existsSync(node) && (await step(node, ['--version'], { stdio: 'ignore' })).code === 0
  await install(
    folder,
    process.execPath,
    version,
    `Node ${optionalDependencies[name]} for Ballast alone (this is ${process.version})`,
    answers,
  )
  return { node, version }
}

// --- start -------------------------------------------------------------------------------------------------------------------------

const [script, ...args] = process.argv.slice(2)
if (script === undefined) stop(2, 'usage: node tools/bootstrap.mjs <script.ts> [args...]')
const spelling = correctSpelling(process.env, args)
if (spelling !== undefined) stop(2, `npm kept options that are meant for Ballast; put them behind "--":\n  ${spelling}`)

const { node, version } = await chooseNode()
const scriptEnv = { ...childEnvironment(node), NODE_OPTIONS: [env['NODE_OPTIONS'], ...nodeOptions(version)].filter(Boolean).join(' ') }
const loadNative = ['-e', "require('@nomicfoundation/edr')"]
await install(root, node, version, 'packages', async () => (await step(node, loadNative, { cwd: root, stdio: 'ignore' })).code === 0)
// The index alone needs these, and what checks, tests and measures it: nothing else waits for them or fails without them.
if (/^(tools|bench)\//.test(script) || args[0] === 'index') {
  const cwd = join(root, 'indexer')
  const findServer = ['-e', "require.resolve('graphql-yoga')"]
  await install(
    cwd,
    node,
    version,
    'packages of the indexer',
    async () => (await step(node, findServer, { cwd, stdio: 'ignore' })).code === 0,
  )
}
if (!buildIsFresh(root)) {
  await lock()
  if (!buildIsFresh(root)) {
    say('building the contracts (about a minute) ...')
    // The compiler's many warnings about packages matter to nobody here; npm run check judges those about the contracts.
    const runNode = async (/** @type {string[]} */ line) => {
      const { code, output } = await step(node, line, { cwd: root, env: scriptEnv, stdio: ['ignore', 'pipe', 'pipe'] })
      if (code !== 0) process.stderr.write(output)
      return code
    }
    // check and test go on: they report a failed build beside everything else that fails.
    if (!(await build(root, runNode)) && !script.startsWith('tools/')) stop(1, 'the contracts do not build; nothing was started')
  }
}
if (locked) rmSync(lockFile, { force: true })
locked = false
process.exitCode = (await run(node, [join(root, script), ...args], { env: scriptEnv, stdio: 'inherit' })).code
