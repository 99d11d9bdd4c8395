import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectRoot } from '../../cli/context/projectRoot.ts'
import { describeProgram, optionTable, referenceTable } from '../../cli/kit/describeProgram.ts'
import { exitCodes } from '../../cli/kit/exitCodes.ts'
import { processTerminal } from '../../cli/kit/Terminal.ts'
import { buildProgram } from '../../cli/program.ts'
import { runCli } from './runCli.ts'

const reference = readFileSync(join(projectRoot, 'docs', 'cli.md'), 'utf8')
const program = buildProgram(processTerminal(new AbortController().signal))

describe('docs/cli.md', () => {
  test('has exactly the commands and options of --help; after a change run cli/writeReference.ts', () => {
    expect(reference).toContain(referenceTable(program))
    expect(reference).toContain(optionTable(program))
  })

  test('has every exit code', () => {
    for (const [name, code] of Object.entries(exitCodes)) expect(reference).toContain(`| ${code} | ${name} |`)
  })
})

describe('--help', () => {
  const commands = describeProgram(program).map(({ path }) => path.split(' ').slice(1))
  test.each(commands.map((words) => [words.join(' '), words] as const))(
    'of %s starts with examples that are its own',
    async (name, words) => {
      const { code, out } = await runCli([...words, '--help'])
      expect(code).toBe(0)
      expect(out.startsWith('Examples:\n')).toBe(true)
      expect(out).toContain(`ballast ${name}`)
      for (const option of describeProgram(program).find(({ path }) => path === `ballast ${name}`)?.options ?? [])
        expect(out).toContain(option.flags)
    },
  )

  test('without a command it is shown and nothing fails', async () => {
    const { code, out } = await runCli([])
    expect(code).toBe(0)
    for (const noun of ['controller', 'param', 'explain', 'audit', 'risk', 'deploy', 'key', 'config', 'doctor']) expect(out).toContain(noun)
  })
})
