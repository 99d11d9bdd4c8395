import type { z } from 'zod'
import { ConfigurationError, type ConfigurationProblem } from '../errors/index.ts'
import { limitOf } from './limitOf.ts'

/** Parses `input`, then runs `check` on the result; all problems of a stage are thrown together. */
export function parseWith<Parsed>(
  what: string,
  schema: z.ZodType<Parsed>,
  input: unknown,
  check: (parsed: Parsed) => readonly ConfigurationProblem[],
): Parsed {
  const result = schema.safeParse(input, { reportInput: true })
  if (!result.success)
    throw new ConfigurationError(
      what,
      result.error.issues.flatMap((issue) => problemsOf(issue)),
    )
  const problems = check(result.data)
  if (problems.length > 0) throw new ConfigurationError(what, problems)
  return result.data
}

function problemsOf(issue: z.core.$ZodIssue): ConfigurationProblem[] {
  const path = pathOf(issue.path)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: `${path}.${key}`, got: 'a field that does not exist', limit: 'left out' }))
  return [{ path, got: shown(issue.input), limit: limitOf(issue) }]
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`), '$')
}

function shown(got: unknown): string {
  if (got === undefined) return 'absent'
  const text = JSON.stringify(got) ?? String(got)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
