// Holds that every custom error of contracts/ is reverted with somewhere and provoked by a test: one that no test names is a refusal nobody has seen.
import type { Fault, Source } from './faults.ts'

const declaration = /^\s*error\s+(\w+)\s*\(/

/**
 * Custom errors that no contract uses, or that no test expects.
 *
 * @param contracts - Sources under contracts/.
 * @param tests - Solidity and TypeScript files of test/contracts, where the contracts run: a Solidity test expects `Name.selector`, a TypeScript test names the error.
 */
export function findErrorFaults(contracts: readonly Source[], tests: readonly Source[]): Fault[] {
  const used = new Set(contracts.flatMap(({ text }) => namesIn(withoutDeclarations(withoutComments(text)))))
  const expected = new Set(tests.flatMap(expectedIn))
  return contracts.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index): Fault[] => {
      const name = declaration.exec(line)?.[1]
      if (name === undefined) return []
      const fault = (rule: string, message: string): Fault => ({ path, line: index + 1, rule, message })
      if (!used.has(name)) return [fault('unused-error', `nothing reverts with ${name}`)]
      return expected.has(name) ? [] : [fault('untested-error', `no test in test/contracts provokes ${name}`)]
    }),
  )
}

function expectedIn({ path, text }: Source): readonly string[] {
  const code = withoutComments(text)
  return path.endsWith('.sol') ? [...code.matchAll(/\b(\w+)\s*\.\s*selector\b/g)].map(([, name = '']) => name) : namesIn(code)
}

function namesIn(code: string): readonly string[] {
  return code.match(/\b\w+\b/g) ?? []
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(?<!:)\/\/.*$/gm, '')
}

function withoutDeclarations(code: string): string {
  return code.replace(/^\s*error\s+\w+\s*\(/gm, '')
}
