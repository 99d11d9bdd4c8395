// Builds what other projects install: `@ballast/risk` and `@ballast/chain` as JavaScript with type declarations, packed by npm.
// `node tools/pack.ts [folder]` writes the packages and their tarballs to dist/packages, or to the folder given.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, posix, relative, resolve } from 'node:path'
import ts from 'typescript'

const root = join(import.meta.dirname, '..')

type Package = {
  readonly folder: 'risk' | 'chain'
  readonly description: string
  /** Parts that need a compiler, a test chain or files, and therefore stay in the repository. */
  readonly without: readonly string[]
}
const packages: readonly Package[] = [
  { folder: 'risk', description: 'Ballast: pure risk engine for options and futures, deterministic to the bit.', without: [] },
  {
    folder: 'chain',
    description: 'Ballast: read, write, sign and audit the risk parameters of a deployment.',
    without: ['adapters', 'deploy', 'local'],
  },
]

/** The project that installs us brings these itself: its clients are arguments of our functions. */
const peers: readonly string[] = ['viem']

type RootManifest = { readonly version: string; readonly license: string; readonly dependencies: Readonly<Record<string, string>> }
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as RootManifest

/** Source files of a package, relative to the root of the project. */
function sourcesOf({ folder, without }: Package): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => posix.join(folder, path.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts') && !without.some((part) => path.startsWith(`${folder}/${part}/`)))
    .sort()
}

/** Compiles all packages at once. Throws with the compiler's words. */
function compile(outDir: string): void {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config as { compilerOptions: object }
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...config.compilerOptions,
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: '.',
      outDir,
      types: [],
      lib: ['ES2024', 'DOM'],
    },
    root,
  )
  const program = ts.createProgram(
    packages.flatMap(sourcesOf).map((path) => join(root, path)),
    options,
  )
  const { diagnostics } = program.emit()
  const faults = [...ts.getPreEmitDiagnostics(program), ...diagnostics]
  if (faults.length > 0) {
    const host = { getCanonicalFileName: (name: string) => name, getCurrentDirectory: () => root, getNewLine: () => '\n' }
    throw new Error(`The packages do not compile.\n${ts.formatDiagnostics(faults, host)}`)
  }
}

const specifier = /(from\s+|import\(|import\s+)(['"])([^'"]+)\2/g

/**
 * Makes the imports of an emitted file those of a package: other folders of the project become packages, `.ts` in declarations becomes `.js`.
 *
 * @returns The text, and the names of packages it imports.
 */
function rewriteImports(text: string, path: string, folder: string): { readonly text: string; readonly imported: readonly string[] } {
  const imported: string[] = []
  const rewritten = text.replace(specifier, (_, before: string, quote: string, from: string) => {
    const target = from.startsWith('.') ? posix.join(posix.dirname(path), from).replace(/\.ts$/, '.js') : from
    const inside = target.startsWith(`${folder}/`)
    const result = !from.startsWith('.') ? from : inside ? from.replace(/\.ts$/, '.js') : `@ballast/${target}`
    if (!result.startsWith('.')) imported.push(result.split('/', result.startsWith('@') ? 2 : 1).join('/'))
    return `${before}${quote}${result}${quote}`
  })
  return { text: rewritten, imported }
}

/** Entrances: the package, each folder with an index, each file beside them, and every module by its path. */
function exportsOf(folder: string, target: string): Readonly<Record<string, object>> {
  const entry = (path: string): object => ({ types: `./${path}.d.ts`, default: `./${path}.js` })
  const entries: [string, object][] = []
  for (const item of readdirSync(target, { withFileTypes: true })) {
    if (item.isDirectory() && existsSync(join(target, item.name, 'index.js'))) entries.push([`./${item.name}`, entry(`${item.name}/index`)])
    const name = item.name.replace(/\.js$/, '')
    if (item.isFile() && item.name.endsWith('.js')) entries.push([name === 'index' ? '.' : `./${name}`, entry(name)])
  }
  if (entries.length === 0) throw new Error(`${folder} has nothing to export.`)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return { ...Object.fromEntries(entries), './*.js': { types: './*.d.ts', default: './*.js' } }
}

/** Turns the compiler's output of one package into the folder that npm packs. */
function assemble({ folder, description }: Package, built: string, target: string): void {
  cpSync(join(built, folder), target, { recursive: true })
  const imported = new Set<string>()
  for (const path of readdirSync(target, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(js|d\.ts)$/.test(name))) {
    const rewritten = rewriteImports(readFileSync(join(target, path), 'utf8'), posix.join(folder, path.replaceAll('\\', '/')), folder)
    writeFileSync(join(target, path), rewritten.text)
    for (const name of rewritten.imported) imported.add(name)
  }
  const needed = [...imported].sort().map((name) => {
    const pinned = name.startsWith('@ballast/') ? manifest.version : manifest.dependencies[name]
    if (pinned === undefined) throw new Error(`${folder} imports ${name}, which is no dependency of the project.`)
    return [name, peers.includes(name) ? `^${pinned}` : pinned] as const
  })
  const dependencies = Object.fromEntries(needed.filter(([name]) => !peers.includes(name)))
  const peerDependencies = Object.fromEntries(needed.filter(([name]) => peers.includes(name)))
  const { version, license } = manifest
  const engines = { node: '>=22.12' }
  const named = { name: `@ballast/${folder}`, version, description, license, type: 'module', engines, sideEffects: false }
  const full = { ...named, exports: exportsOf(folder, target), dependencies, peerDependencies }
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(full, null, 2)}\n`)
  for (const [from, to] of [
    [join(root, folder, 'README.md'), 'README.md'],
    [join(root, 'LICENSE'), 'LICENSE'],
  ] as const) {
    if (existsSync(from)) cpSync(from, join(target, to))
  }
}

/** npm's script: on the path or beside the running Node. Run by that Node, so that no shell and no other version comes in between. */
function npmScript(): string {
  const here = dirname(realpathSync(process.execPath))
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), here, join(here, '../lib')].filter((folder) => folder !== '')
  const places = folders.flatMap((folder) => [join(folder, 'npm'), join(folder, 'node_modules/npm/bin/npm-cli.js')])
  const found = places.filter((path) => existsSync(path)).map((path) => realpathSync(path))
  const script = found.find((path) => path.endsWith('npm-cli.js'))
  if (script === undefined) throw new Error('npm was not found; install it, then try again.')
  return script
}

/** Runs npm in a folder and returns what it printed. Throws when it fails. */
export function runNpm(args: readonly string[], cwd: string): string {
  return execFileSync(process.execPath, [npmScript(), ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 28,
  })
}

/**
 * Builds and packs both packages.
 *
 * @param folder - Emptied first, then filled with a folder and a tarball per package.
 * @returns Paths of the tarballs, `@ballast/risk` first.
 */
export function packAll(folder: string): string[] {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const built = join(folder, 'built')
  compile(built)
  const tarballs = packages.map((one) => {
    const target = join(folder, one.folder)
    assemble(one, built, target)
    const [packed] = JSON.parse(runNpm(['pack', '--json', '--pack-destination', folder], target)) as readonly {
      readonly filename: string
    }[]
    if (packed === undefined) throw new Error(`npm packed nothing in ${one.folder}.`)
    return join(folder, packed.filename.replace('@', '').replace('/', '-'))
  })
  rmSync(built, { recursive: true })
  return tarballs
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
  for (const tarball of packAll(resolve(process.argv[2] ?? join(root, 'dist/packages')))) console.log(relative(process.cwd(), tarball))
}
