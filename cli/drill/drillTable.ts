import { type DrillFigure, drillFigures, type Spread } from '../../controller/drill/spreadOf.ts'
import { grouped } from '../kit/values.ts'
import type { DrillDocument } from './drillDocument.ts'

/** Title row and one row per figure, for text and Markdown: with the controller, without, and the ratio of the medians. */
export function drillTable({ spread }: DrillDocument): {
  readonly titles: readonly string[]
  readonly rows: readonly (readonly string[])[]
} {
  const figures = Object.entries(drillFigures) as [DrillFigure, string][]
  return {
    titles: ['figure', 'controller on', 'controller off', 'on / off'],
    rows: figures.map(([figure, title]) => {
      const [on, off] = [spread.on?.[figure], spread.off?.[figure]]
      return [title, spreadText(on), spreadText(off), ratioText(on, off)]
    }),
  }
}

/** Median, and least to greatest when they differ. */
function spreadText(spread: Spread | undefined): string {
  if (spread === undefined) return '-'
  const whole = (value: number): string => grouped(Math.round(value))
  return spread.least === spread.most ? whole(spread.median) : `${whole(spread.median)} (${whole(spread.least)} to ${whole(spread.most)})`
}

function ratioText(on: Spread | undefined, off: Spread | undefined): string {
  return on === undefined || off === undefined || off.median === 0 ? '-' : (on.median / off.median).toFixed(2)
}
