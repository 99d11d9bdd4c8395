import { escapeHtml } from '../kit/html.ts'
import { formatTick } from './formatTick.ts'
import { niceTicks } from './niceTicks.ts'

export type Point = { readonly x: number; readonly y: number }

/** One set of points of a panel. A band runs between `points` and `lower`. */
export type Series = {
  readonly name: string
  readonly points: readonly Point[]
} & ({ readonly style: 'line' | 'dashed' | 'dots' } | { readonly style: 'band'; readonly lower: readonly Point[] })

export type Panel = {
  readonly title: string
  readonly x: string
  readonly y: string
  /** Where the horizontal axis has its labels, for one that is not linear; round numbers otherwise. */
  readonly xTicks?: readonly { readonly x: number; readonly label: string }[]
  readonly series: readonly Series[]
  /** Vertical lines with a word: the spot, the strike. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[]
}

export type Chart = {
  readonly title: string
  /** A sentence for those who cannot see it. */
  readonly description: string
  readonly panels: readonly Panel[]
}

const WIDTH = 640
const HEIGHT = 400
const MARGIN = { left: 92, right: 18, top: 40, bottom: 48 }
const HEADING = 40
const LEGEND_LINE = 18
/** Okabe and Ito's palette: distinguishable with any colour vision. */
const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8a6d00', '#666666']

/** A chart as a whole SVG document: one panel, or several in two columns. Points that are not finite interrupt a line and are left out of the rest. */
export function renderChart({ title, description, panels }: Chart): string {
  const columns = panels.length > 1 ? 2 : 1
  const rows = Math.ceil(panels.length / columns)
  const legend = Math.max(...panels.map(({ series }) => Math.ceil(series.length / 3))) * LEGEND_LINE
  const panelHeight = HEIGHT + legend
  const width = columns * WIDTH
  const height = HEADING + rows * panelHeight
  const drawn = panels.map((panel, i) => {
    const x = (i % columns) * WIDTH
    const y = HEADING + Math.floor(i / columns) * panelHeight
    return `<g transform="translate(${x} ${y})">${renderPanel(panel)}</g>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escapeHtml(title)}</title><desc id="description">${escapeHtml(description)}</desc>`,
    `<style>text{font:13px system-ui,sans-serif;fill:#222}.axis{stroke:#888;fill:none}.grid{stroke:#ddd;fill:none}.mark{stroke:#888;stroke-dasharray:2 3}</style>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${MARGIN.left}" y="26" style="font-size:17px;font-weight:600">${escapeHtml(title)}</text>`,
    ...drawn,
    '</svg>\n',
  ].join('\n')
}

function renderPanel({ title, x, y, xTicks, series, marks = [] }: Panel): string {
  const everything = series.flatMap((each) => [...each.points, ...(each.style === 'band' ? each.lower : [])]).filter(isDrawable)
  const xs = span(everything.map((point) => point.x))
  const ys = span(everything.map((point) => point.y))
  const right = WIDTH - MARGIN.right
  const bottom = HEIGHT - MARGIN.bottom
  const atX = (value: number): number => MARGIN.left + ((value - xs.low) / (xs.high - xs.low)) * (right - MARGIN.left)
  const atY = (value: number): number => bottom - ((value - ys.low) / (ys.high - ys.low)) * (bottom - MARGIN.top)
  const place = (point: Point): string => `${atX(point.x).toFixed(1)},${atY(point.y).toFixed(1)}`
  const text = (left: number, top: number, anchor: string, words: string): string =>
    `<text x="${left.toFixed(1)}" y="${top.toFixed(1)}" text-anchor="${anchor}">${escapeHtml(words)}</text>`
  return [
    `<text x="${MARGIN.left}" y="26" style="font-weight:600">${escapeHtml(title)}</text>`,
    ...niceTicks(ys.low, ys.high).map(
      (tick) =>
        `<path class="grid" d="M${MARGIN.left} ${atY(tick).toFixed(1)}H${right}"/>${text(MARGIN.left - 8, atY(tick) + 4, 'end', formatTick(tick))}`,
    ),
    ...(xTicks ?? niceTicks(xs.low, xs.high, 7).map((tick) => ({ x: tick, label: formatTick(tick) }))).map((tick) =>
      text(atX(tick.x), bottom + 18, 'middle', tick.label),
    ),
    `<path class="axis" d="M${MARGIN.left} ${MARGIN.top}V${bottom}H${right}"/>`,
    text((MARGIN.left + right) / 2, HEIGHT - 10, 'middle', x),
    `<text transform="translate(16 ${((MARGIN.top + bottom) / 2).toFixed(1)}) rotate(-90)" text-anchor="middle">${escapeHtml(y)}</text>`,
    ...marks
      .filter((mark) => mark.x >= xs.low && mark.x <= xs.high)
      .map(
        (mark) =>
          `<path class="mark" d="M${atX(mark.x).toFixed(1)} ${MARGIN.top}V${bottom}"/>${text(atX(mark.x) + 4, MARGIN.top + 11, 'start', mark.label)}`,
      ),
    ...series.map((each, i) => renderSeries(each, palette[i % palette.length]!, place)),
    ...series.map((each, i) => {
      const left = MARGIN.left + (i % 3) * 185
      const top = HEIGHT + Math.floor(i / 3) * LEGEND_LINE
      return `<rect x="${left}" y="${top}" width="12" height="12" fill="${palette[i % palette.length]}"/>${text(left + 18, top + 11, 'start', each.name)}`
    }),
  ].join('')
}

function renderSeries(series: Series, colour: string, place: (point: Point) => string): string {
  // A point that is not finite interrupts the line.
  const path = (points: readonly Point[]): string =>
    points.map((point, i) => (isDrawable(point) ? `${i > 0 && isDrawable(points[i - 1]!) ? 'L' : 'M'}${place(point)}` : '')).join('')
  const outline = (points: readonly Point[]): string => `M${points.filter(isDrawable).map(place).join('L')}Z`
  if (series.points.filter(isDrawable).length === 0) return ''
  switch (series.style) {
    case 'line':
      return `<path d="${path(series.points)}" fill="none" stroke="${colour}" stroke-width="2"/>`
    case 'dashed':
      return `<path d="${path(series.points)}" fill="none" stroke="${colour}" stroke-width="1.5" stroke-dasharray="6 4"/>`
    case 'dots':
      return series.points
        .filter(isDrawable)
        .map((point) => {
          const [left, top] = place(point).split(',')
          return `<circle cx="${left}" cy="${top}" r="3" fill="${colour}"/>`
        })
        .join('')
    case 'band':
      return `<path d="${outline([...series.points, ...series.lower.toReversed()])}" fill="${colour}" fill-opacity="0.18" stroke="none"/>`
  }
}

function isDrawable({ x, y }: Point): boolean {
  return Number.isFinite(x) && Number.isFinite(y)
}

/** Least and largest value with a little room; never empty. */
function span(values: readonly number[]): { readonly low: number; readonly high: number } {
  if (values.length === 0) return { low: 0, high: 1 }
  const least = values.reduce((a, b) => Math.min(a, b))
  const most = values.reduce((a, b) => Math.max(a, b))
  const room = most > least ? 0.03 * (most - least) : Math.max(Math.abs(most) * 0.05, 1e-12)
  return { low: least - room, high: most + room }
}
