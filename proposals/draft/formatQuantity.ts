import type { ParameterUnit } from '../../risk/types/index.ts'

/** A stored integer as {@link parseQuantity} reads it: `26 %`, `0.5 vol points`. Exact, so that parsing gives the same integer. */
export function formatQuantity(value: number, unit: ParameterUnit): string {
  switch (unit) {
    case 'bps':
      return `${hundredths(value)} %`
    case 'bps/100':
      return `${hundredths(value)} bps`
    case 'volPoints/100':
      return `${hundredths(value)} vol points`
    case 'usd':
      return `${value.toLocaleString('en-US')} USD`
    case 'contracts':
      return `${value.toLocaleString('en-US')} contracts`
    case 'seconds':
      return `${value} s`
  }
}

function hundredths(value: number): string {
  const rest = value % 100
  return rest === 0 ? String(value / 100) : `${Math.floor(value / 100)}.${String(rest).padStart(2, '0').replace(/0$/, '')}`
}
