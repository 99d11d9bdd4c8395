import type { ParameterUnit } from '../../risk/types/index.ts'

/** A stored integer as people read it. */
export function formatValue(unit: ParameterUnit | undefined, value: number): string {
  switch (unit) {
    case 'bps':
      return `${(value / 100).toFixed(2)} %`
    case 'bps/100':
      return `${(value / 100).toFixed(2)} bps`
    case 'volPoints/100':
      return `${(value / 100).toFixed(2)} vol points`
    case 'usd':
      return `${value.toLocaleString('en-GB')} USD`
    case 'contracts':
      return `${value.toLocaleString('en-GB')} contracts`
    case 'seconds':
      return `${value.toLocaleString('en-GB')} s`
    case undefined:
      return String(value)
  }
}
