// The decisions of bootstrap.mjs that need no process, network or file: small, pure and tested in test/setup/.
import { createHash } from 'node:crypto'

/**
 * Whether a Node of this version can run Ballast: 22 from 22.12 on, 24 or 26. Odd majors are not supported by Hardhat.
 *
 * @param {string} version - As in `process.version`, for example `v22.12.0`.
 * @returns {boolean}
 */
export function canRunBallast(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major === 24 || major === 26 || (major === 22 && minor >= 12)
}

/**
 * Options that make every supported Node run the sources alike: 22 needs a flag for types (before 22.18) and for SQLite (before 22.13).
 *
 * @param {string} version - Version of the Node that will run the script.
 * @returns {string[]}
 */
export function nodeOptions(version) {
  const quiet = ['--disable-warning=ExperimentalWarning']
  return /^v?22\./.test(version) ? [...quiet, '--experimental-strip-types', '--experimental-sqlite'] : quiet
}

// What npm is allowed to learn from the environment: where packages come from and where they are kept, nothing about how to install.
const npmSettings =
  /^npm_config_(registry|(https?_)?proxy|noproxy|ca|cafile|strict_ssl|cache|userconfig|globalconfig|offline|prefer_offline|[@/].*)$/i

/**
 * The environment without the variables npm adds for scripts, which would change a nested npm (dry run, omit, ignore-scripts, prefix).
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function withoutNpm(env) {
  return Object.fromEntries(Object.entries(env).filter(([key]) => key !== 'NODE' && (!/^npm_/i.test(key) || npmSettings.test(key))))
}

/** The long options of `npm start`, `npm test`, `npm run check` and `npm run bench`; those that take a value come last. */
export const ownOptions = ['once', 'json', 'deep', 'long', 'data']

/**
 * The command as it should have been typed, when npm took options that were meant for the script.
 *
 * @param {NodeJS.ProcessEnv} env - npm turns `npm start --once` into `npm_config_once=true`.
 * @param {readonly string[]} args - Arguments that did reach the script.
 * @returns {string | undefined} `undefined` when nothing was swallowed or npm did not start us.
 */
export function correctSpelling(env, args) {
  const script = env['npm_lifecycle_event']
  if (script === undefined) return undefined
  const taken = ownOptions.flatMap((option) => {
    const value = env[`npm_config_${option}`]
    return value ? [value === 'true' ? `--${option}` : `--${option}=${value}`] : []
  })
  if (taken.length === 0) return undefined
  const command = ['start', 'test'].includes(script) ? `npm ${script}` : `npm run ${script}`
  // --silent keeps npm's own two lines out of a stdout that is to be read as JSON.
  return [command, ...(taken.includes('--json') ? ['--silent'] : []), '--', ...taken, ...args].join(' ')
}

/**
 * Names an installation or a build: it changes exactly when that has to be done again.
 *
 * @param {...(string | Buffer)} parts
 * @returns {string} SHA-256 in hex.
 */
export function stampOf(...parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:`).update(part)
  return hash.digest('hex')
}

/**
 * Whether npm's own record of an installed tree says that it is the one in the lockfile, as after `npm install` by hand.
 * Optional packages may be missing: most belong to other platforms.
 *
 * @param {string} lockfile - Text of package-lock.json.
 * @param {string} record - Text of node_modules/.package-lock.json.
 * @returns {boolean}
 */
export function sameTree(lockfile, record) {
  /** @type {Record<string, { version: string, integrity?: string, optional?: boolean }>} */
  const wanted = JSON.parse(lockfile).packages
  /** @type {typeof wanted} */
  const installed = JSON.parse(record).packages
  const same = (/** @type {string} */ path) =>
    installed[path]?.version === wanted[path]?.version && installed[path]?.integrity === wanted[path]?.integrity
  return (
    Object.keys(wanted).every((path) => path === '' || same(path) || (wanted[path]?.optional === true && !(path in installed))) &&
    Object.keys(installed).every((path) => path in wanted)
  )
}
