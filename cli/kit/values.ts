import type { ParameterUnit } from '../../risk/types/index.ts'

/** Digits grouped by commas: 1,250,000. */
export function grouped(value: number | bigint): string {
  return value.toLocaleString('en-US')
}

/**
 * A parameter's value as people read it, without rounding: the stored integer in a unit that says something.
 *
 * @param value - Stored value.
 */
export function humanValue(value: number, unit: ParameterUnit): string {
  switch (unit) {
    case 'bps':
      return `${trimmed(value / 100)} %`
    case 'bps/100':
      return `${trimmed(value / 100)} bps`
    case 'volPoints/100':
      return `${trimmed(value / 100)} vol ${value === 100 ? 'point' : 'points'}`
    case 'usd':
      return `${grouped(value)} USD`
    case 'contracts':
      return `${grouped(value)} contracts`
    case 'seconds':
      return `${grouped(value)} s`
  }
}

/** The human form with the stored integer beside it: `16.5 % (1650)`. */
export function humanAndRaw(value: number, unit: ParameterUnit): string {
  return unit === 'bps' || unit === 'bps/100' || unit === 'volPoints/100'
    ? `${humanValue(value, unit)} (${value})`
    : humanValue(value, unit)
}

/** Change from one value to the next, relative: `+25.0 %`. */
export function relativeChange(before: number, after: number): string {
  if (before === 0) return after === 0 ? '0.0 %' : 'from zero'
  const percent = ((after - before) / before) * 100
  return `${percent > 0 ? '+' : ''}${percent.toFixed(1)} %`
}

/** Dollars for people: 1,234,567 USD; below 1,000 with cents. */
export function humanUsd(value: number): string {
  return `${value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 1_000 ? 2 : 0 })} USD`
}

/** At most six significant digits, for numbers inside formulas. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  return Math.abs(value) >= 1_000_000 ? grouped(Math.round(value)) : String(Number(value.toPrecision(6)))
}

function trimmed(value: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: 2 })
}
