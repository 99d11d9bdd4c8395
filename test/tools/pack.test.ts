import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, describe, expect, test } from 'vitest'
import { canonicalJson, contentHash } from '../../risk/hash/index.ts'
import { packAll, runNpm } from '../../tools/pack.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'ballast packages '))
const project = join(folder, 'empty')
const installed = join(root, 'node_modules')

type Manifest = { readonly name: string; readonly dependencies?: Readonly<Record<string, string>> }
const manifestIn = (path: string): Manifest => JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest

/** Every package that these names need, as installed here, so that the install below asks nobody. */
function closure(names: readonly string[]): string[] {
  const found = new Set<string>()
  const visit = (name: string): void => {
    if (found.has(name)) return
    found.add(name)
    for (const dependency of Object.keys(manifestIn(join(installed, name)).dependencies ?? {})) visit(dependency)
  }
  for (const name of names) visit(name)
  return [...found].sort()
}

function packInstalled(names: readonly string[]): Record<string, string> {
  const paths = names.map((name) => join(installed, name))
  const packed = JSON.parse(runNpm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...paths], folder)) as readonly {
    readonly name: string
    readonly filename: string
  }[]
  return Object.fromEntries(packed.map(({ name, filename }) => [name, `file:${join(folder, filename.replace('@', '').replace('/', '-'))}`]))
}

describe('npm pack of risk and chain', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('installs into an empty project without network, with viem as its peer, type-checks there, and runs', { timeout: 120_000 }, () => {
    const [risk, chain] = packAll(join(folder, 'packages'))
    const own = { '@ballast/risk': `file:${risk}`, '@ballast/chain': `file:${chain}` }
    // The peer comes from the folder above, as in a workspace; everything else is installed from tarballs.
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(join(installed, 'viem'), join(folder, 'node_modules/viem'), 'dir')
    const needed = ['risk', 'chain'].flatMap((name) => Object.keys(manifestIn(join(folder, 'packages', name)).dependencies ?? {}))
    const others = packInstalled(closure(needed.filter((name) => !name.startsWith('@ballast/'))))
    mkdirSync(project)
    const manifest = { name: 'empty', private: true, type: 'module', dependencies: own, overrides: { ...others, ...own } }
    writeFileSync(join(project, 'package.json'), JSON.stringify(manifest))
    runNpm(['install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', '--ignore-scripts'], project)
    expect(readdirSync(join(project, 'node_modules/@ballast')).sort()).toEqual(['chain', 'risk'])

    writeFileSync(
      join(project, 'main.ts'),
      `import { adjustmentDigest, decodeScopeId, encodeScopeId, riskParametersAbi, verifyChain } from '@ballast/chain'
import { createChainReader } from '@ballast/chain/read'
import { canonicalJson, contentHash } from '@ballast/risk/hash'
import { toBps } from '@ballast/risk/units'
import type { Adjustment, ScopeId } from '@ballast/risk/types'
const scope: ScopeId = decodeScopeId(encodeScopeId('market:ETH'))
const hash = contentHash(canonicalJson({ a: 1 }))
const adjustment: Adjustment = { scope, epoch: 1, round: 1, observedAt: 1, validUntil: 2, items: [], impactNotional: 0n, impactAccounts: 0, snapshot: hash, engine: hash, configuration: hash, report: hash }
const domain = { name: 'n', version: '1', chainId: 1, verifyingContract: '0x00000000000000000000000000000000000000aa' } as const
const findings: readonly string[] = verifyChain([], { hash: '0x' + '00'.repeat(28) as \`0x\${string}\`, count: 0 }).map(({ sentence }) => sentence)
export const mistyped = (): number =>
  // @ts-expect-error: without the declarations everything would be allowed
  toBps('x', 'up')
console.log(JSON.stringify([scope, hash, toBps(0.07, 'up'), adjustmentDigest(adjustment, domain).length, riskParametersAbi.length > 50, findings, typeof createChainReader]))
`,
    )
    const options: ts.CompilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: [],
      skipLibCheck: true,
      outDir: project,
      lib: ['lib.es2024.d.ts', 'lib.dom.d.ts'],
    }
    const program = ts.createProgram([join(project, 'main.ts')], options)
    const ours = ts.getPreEmitDiagnostics(program).filter(({ file }) => file === undefined || /main\.ts|@ballast/.test(file.fileName))
    expect(ours.map(({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)).toEqual([])
    program.emit()
    const output = execFileSync(process.execPath, [join(project, 'main.js')], { cwd: project, encoding: 'utf8' })
    expect(JSON.parse(output)).toEqual(['market:ETH', contentHash(canonicalJson({ a: 1 })), 700, 66, true, [], 'function'])
  })

  test('packages hold no source, no test and no path of this machine', () => {
    for (const name of ['risk', 'chain']) {
      const files = readdirSync(join(folder, 'packages', name), { recursive: true, encoding: 'utf8' })
      expect(files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))).toEqual([])
      for (const file of files.filter((path) => /\.(js|ts|json)$/.test(path))) {
        const text = readFileSync(join(folder, 'packages', name, file), 'utf8')
        expect(text.includes(root), file).toBe(false)
        expect(/from ["']\.[^"']*\.ts["']/.test(text), file).toBe(false)
        expect(/from ["'](\.\.\/)+(risk|controller|cli)\//.test(text), file).toBe(false)
      }
    }
  })
})
