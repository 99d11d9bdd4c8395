import { html, type SafeHtml } from '../kit/html.ts'
import { shortTime } from '../kit/time.ts'
import { humanValue, significant } from '../kit/values.ts'
import type { Explanation } from './Explanation.ts'

const width = 920
const height = 300
const left = 64
const right = 64
const top = 14
const bottom = 30

type Scale = (x: number) => number

/** Picture of a parameter: its value as a step line inside its range, the price behind it, the instant asked for. */
export function drawHistory({ history, closes, floor, ceiling, at, unit, id }: Explanation): SafeHtml {
  const times = [...history.map(({ time }) => time), ...closes.map(({ time }) => time), at]
  const x = scale(Math.min(...times), Math.max(...times), left, width - right)
  const values = history.map(({ value }) => value)
  const low = Math.min(floor, ...values)
  const high = Math.max(ceiling, ...values)
  const y = scale(low - (high - low) * 0.05, high + (high - low) * 0.05, height - bottom, top)
  const last = Math.max(...times)
  const prices = closes.map(({ close }) => close)
  const price = scale(Math.min(...prices), Math.max(...prices), height - bottom, top)
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${id} from ${shortTime(Math.min(...times))} to ${shortTime(last)} UTC, inside its range, with the price behind it">
<rect class="band" x="${left}" y="${coordinate(y(ceiling))}" width="${width - left - right}" height="${coordinate(y(floor) - y(ceiling))}"/>
${gridLines([floor, (floor + ceiling) / 2, ceiling], y, (value) => humanValue(Math.round(value), unit))}
${closes.length < 2 ? '' : html`<polyline class="price" points="${closes.map(({ time, close }) => `${coordinate(x(time))},${coordinate(price(close))}`).join(' ')}"/>`}
<path class="stepline" d="${stepPath(history, x, y, last)}"/>
${history.map(({ time, value, writer }) => html`<circle class="dot" cx="${coordinate(x(time))}" cy="${coordinate(y(value))}" r="3"><title>${shortTime(time)} UTC: ${humanValue(value, unit)}, ${writer}</title></circle>`)}
<line class="now" x1="${coordinate(x(at))}" x2="${coordinate(x(at))}" y1="${top}" y2="${height - bottom}"/>
${closes.length < 2 ? '' : priceLabels(Math.min(...prices), Math.max(...prices), price)}
<text x="${left}" y="${height - 8}">${shortTime(Math.min(...times))} UTC</text>
<text x="${width - right}" y="${height - 8}" text-anchor="end">${shortTime(last)} UTC</text>
</svg>
<p class="how">Blue: the stored value, a dot per entry. Shaded: the range in force. Grey: the price in USD (right scale). Dashed: the instant asked for.</p>`
}

function scale(from: number, to: number, start: number, end: number): Scale {
  const span = to - from
  return (value) => (span === 0 ? (start + end) / 2 : start + ((value - from) / span) * (end - start))
}

function coordinate(value: number): string {
  return value.toFixed(1)
}

function gridLines(values: readonly number[], y: Scale, label: (value: number) => string): SafeHtml[] {
  return values.map(
    (value) =>
      html`<line class="axis" x1="${left}" x2="${width - right}" y1="${coordinate(y(value))}" y2="${coordinate(y(value))}"/><text x="${left - 8}" y="${coordinate(y(value) + 4)}" text-anchor="end">${label(value)}</text>`,
  )
}

function priceLabels(low: number, high: number, price: Scale): SafeHtml[] {
  return [low, high].map((value) => html`<text x="${width - right + 8}" y="${coordinate(price(value) + 4)}">${significant(value)}</text>`)
}

function stepPath(history: Explanation['history'], x: Scale, y: Scale, last: number): string {
  const parts = history.map(({ time, value }, i) =>
    i === 0 ? `M${coordinate(x(time))},${coordinate(y(value))}` : `H${coordinate(x(time))}V${coordinate(y(value))}`,
  )
  return [...parts, `H${coordinate(x(last))}`].join('')
}
