import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeProgram } from '../../cli/kit/describeProgram.ts'
import { exitCodes } from '../../cli/kit/exitCodes.ts'
import type { Terminal } from '../../cli/kit/Terminal.ts'
import { buildProgram } from '../../cli/program.ts'

const unit = readFileSync(join(import.meta.dirname, '../../deploy/systemd/ballast-engine@.service'), 'utf8')
const settingOf = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? ''

describe('deploy/systemd/ballast-engine@.service', () => {
  it('runs a command that there is, and does not repeat a start that would fail again', () => {
    const [program, ...rest] = settingOf('ExecStart').split(' ')
    expect(program).toBe('/opt/ballast/bin/ballast')
    const known = describeProgram(buildProgram({ environment: {} } as Terminal))
    const found = known.find(({ path }) => `ballast ${rest.join(' ')}`.startsWith(`${path} `))
    expect(found?.path).toBe('ballast controller run')
    expect(found?.options.map(({ flags }) => flags.split(' ')[0])).toContain('--config')
    const { usage, configuration, locked } = exitCodes
    expect(settingOf('RestartPreventExitStatus').split(' ').map(Number)).toEqual([usage, configuration, locked])
  })

  const present = spawnSync('systemd-analyze', ['--version']).status === 0
  it.runIf(present)('systemd takes it, and calls its exposure OK', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ballast-unit-'))
    const file = join(folder, 'ballast-engine@eth.service')
    // The program is not installed where the tests run.
    writeFileSync(file, unit.replace('/opt/ballast/bin/ballast', process.execPath))
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' })
    expect([verified.status, verified.stderr]).toEqual([0, ''])
    // Tenths of points: 0 is no exposure, 100 is all.
    const judged = spawnSync('systemd-analyze', ['security', '--offline=yes', '--threshold=20', file], { encoding: 'utf8' })
    expect(judged.status, judged.stdout).toBe(0)
    rmSync(folder, { recursive: true })
  })
})
