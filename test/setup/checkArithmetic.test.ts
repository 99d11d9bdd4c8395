import { describe, expect, it } from 'vitest'
import { findArithmeticFaults } from '../../tools/check-arithmetic.ts'

const lines = (text: string, path = 'risk/a.ts'): number[] => findArithmeticFaults({ path, text }).map(({ line }) => line)

describe('findArithmeticFaults', () => {
  it('passes what IEEE-754 fixes', () => {
    const clean = [
      'const root = Math.sqrt(Math.abs(x)) + Math.PI * Math.fround(y)',
      'const wad = 10n ** 18n',
      'const expiry = new Date(milliseconds).toISOString() + Date.UTC(2026, 1, 1)',
      'const mine = { exp, log, pow: 1, Math: 2 }.Math + table.performance + erfc(x) + exp(x)',
      'interface Report { performance: number; Date: string }',
      "// Math.pow and ** in a comment, 'Math.exp(1)' in text",
      "const text = 'Math.exp(1) ** 2'",
    ]
    expect(lines(clean.join('\n'))).toEqual([])
  })

  it.each([
    ...[
      'pow',
      'exp',
      'expm1',
      'log',
      'log1p',
      'log2',
      'log10',
      'sin',
      'cos',
      'tan',
      'asin',
      'atan2',
      'sinh',
      'tanh',
      'acosh',
      'cbrt',
      'hypot',
    ].map((name) => `Math.${name}(x)`),
    'Math.random()',
    "Math['pow'](x, 2)",
    'const { pow } = Math',
    'const M = Math',
    'globalThis.Math.pow(x, 2)',
    'x ** 2',
    'x ** 0.5',
    '10n ** decimals',
    'x **= 2',
    'Date.now()',
    'new Date()',
    'new Date',
    'Date()',
    'performance.now()',
    "import { mean } from 'simple-statistics'",
  ])('refuses %s', (expression) => {
    expect(lines(`const before = 1\n${expression}`)).toContain(2)
  })

  it('leaves other folders alone', () => {
    expect(lines('Math.pow(x, 2)', 'controller/a.ts')).toEqual([])
  })
})
