/** A series of a rule test: name and labels, and a sample (or none) for every minute from 0 on. */
export type Series = { readonly labels: Readonly<Record<string, string>>; readonly samples: readonly (number | undefined)[] }
type Instant = { readonly labels: Readonly<Record<string, string>>; readonly value: number }

const MINUTES = { m: 1, h: 60, d: 1_440 } as const

/** Reads `name{label="value"}` and the notation of promtool for its values: `1x5`, `0+1x10`, `_x3` and single samples. */
export function parseSeries(series: string, values: string): Series {
  const [, name = '', inner = ''] = /^([a-z_]+)(?:\{(.*)\})?$/.exec(series) ?? []
  const labels = Object.fromEntries([...inner.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]))
  const samples = values.split(/\s+/).flatMap((part): (number | undefined)[] => {
    const [, start = '', step, times = '0'] = /^(_|-?[\d.]+)([+-][\d.]+)?(?:x(\d+))?$/.exec(part) ?? []
    if (start === '') throw new SyntaxError(`not a value: ${part}`)
    if (start === '_') return Array.from({ length: Math.max(1, Number(times)) }, () => undefined)
    return Array.from({ length: Number(times) + 1 }, (_, i) => Number(start) + i * Number(step ?? 0))
  })
  return { labels: { __name__: name, ...labels }, samples }
}

const selector = /^([a-z_]+)(?:\{([^}]*)\})?(?:\[(\d+)([mhd])\])?$/

/** Name and matchers of a vector selector. */
export function parseSelector(text: string) {
  const [, name, inner = '', amount, unit] = selector.exec(text.trim()) ?? []
  if (name === undefined) throw new SyntaxError(`not a selector: ${text}`)
  const matchers = [...inner.matchAll(/(\w+)(=~|=)"([^"]*)"/g)].map(([, label = '', kind, value = '']) => ({
    label,
    accepts: kind === '=' ? [value] : value.split('|'),
  }))
  const minutes = amount === undefined ? null : Number(amount) * MINUTES[unit as keyof typeof MINUTES]
  return { name, matchers, minutes }
}

/** The selectors of an expression, in order. */
export function selectorsOf(expr: string): string[] {
  return [...expr.matchAll(/\b(?:ballast|process|nodejs|up)(?:_\w+)*(?:\{[^}]*\})?(?:\[\w+\])?/g)].map(([text]) => text)
}

/** The part of PromQL that the rules use: selectors, `increase`, `time()`, a difference, and one comparison with a number. */
export function evaluateRule(expr: string, series: readonly Series[], minute: number): Instant[] {
  const [, left = '', comparison, limit] = /^(.*) (==|>|<) ([\d.]+)$/.exec(expr) ?? []
  if (comparison === undefined) throw new SyntaxError(`not a rule: ${expr}`)
  const holds = (value: number): boolean =>
    comparison === '==' ? value === Number(limit) : comparison === '>' ? value > Number(limit) : value < Number(limit)
  return evaluateVector(left, series, minute).filter(({ value }) => holds(value))
}

function evaluateVector(text: string, series: readonly Series[], minute: number): Instant[] {
  const seconds = minute * 60
  const later = /^time\(\) - (.*)$/.exec(text)?.[1]
  if (later !== undefined) return evaluateVector(later, series, minute).map(({ labels, value }) => ({ labels, value: seconds - value }))
  const earlier = /^(.*) - time\(\)$/.exec(text)?.[1]
  if (earlier !== undefined) return evaluateVector(earlier, series, minute).map(({ labels, value }) => ({ labels, value: value - seconds }))
  const range = /^increase\((.*)\)$/.exec(text)?.[1]
  const { name, matchers, minutes } = parseSelector(range ?? text)
  const found = series.filter(
    ({ labels }) => labels['__name__'] === name && matchers.every(({ label, accepts }) => accepts.includes(labels[label] ?? '')),
  )
  return found.flatMap(({ labels, samples }) => {
    const value = range === undefined ? samples[minute] : increase(samples.slice(Math.max(0, minute - (minutes ?? 0)), minute + 1))
    return value === undefined ? [] : [{ labels, value }]
  })
}

/** Of a counter that starts again at zero; needs two samples. */
function increase(samples: readonly (number | undefined)[]): number | undefined {
  const present = samples.filter((each) => each !== undefined)
  if (present.length < 2) return undefined
  return present.reduce(
    (sum, each, i) => sum + (i === 0 ? 0 : each >= (present[i - 1] as number) ? each - (present[i - 1] as number) : each),
    0,
  )
}
