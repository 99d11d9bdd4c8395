import type { DrillPoint, DrillResult } from '../../controller/drill/types.ts'
import type { Chart, Panel, Series } from '../plot/renderChart.ts'
import type { DrillDocument } from './drillDocument.ts'

/** The first seed over time: price, scan range, margin, fund, auctions. */
export function drillChart({ markets, from, to, runs, seeds }: DrillDocument): Chart {
  const first = runs.filter(({ seed }) => seed === seeds[0])
  const [path] = first as [DrillResult, ...DrillResult[]]
  const hours = (point: DrillPoint): number => (point.time - (path.points[0] as DrillPoint).time) / 3_600
  const line = (name: string, points: readonly DrillPoint[], y: (point: DrillPoint) => number, dashed = false): Series => ({
    name,
    style: dashed ? 'dashed' : 'line',
    points: points.map((point) => ({ x: hours(point), y: y(point) })),
  })
  const sides = (y: (point: DrillPoint) => number): Series[] =>
    first.map(({ controller, points }) => line(controller ? 'controller on' : 'controller off', points, y, !controller))
  const panel = (title: string, y: string, series: readonly Series[]): Panel => ({ title, x: 'hours', y, series })
  const start = path.points[0] as DrillPoint
  return {
    title: `Drill ${markets.join(', ')} ${from} to ${to}, seed ${seeds[0]}`,
    description:
      'Index prices, scan ranges, maintenance margin, insurance fund, debt and open auctions by hour, with the controller on and off.',
    panels: [
      panel(
        'Index, start = 1',
        'ratio',
        markets.map((name) => line(name, path.points, ({ spots }) => (spots[name] as number) / (start.spots[name] as number))),
      ),
      panel(
        'Scan range in effect',
        'share of the price',
        first.flatMap(({ controller, points }) =>
          markets.map((name) =>
            line(`${name}, ${controller ? 'on' : 'off'}`, points, ({ scanRanges }) => scanRanges[name] as number, !controller),
          ),
        ),
      ),
      panel(
        'Maintenance margin',
        'USD',
        sides(({ maintenance }) => maintenance),
      ),
      panel(
        'Insurance fund',
        'USD',
        sides(({ fund }) => fund),
      ),
      panel(
        'Debt of accounts',
        'USD',
        sides(({ debt }) => debt),
      ),
      panel(
        'Open auctions',
        'accounts',
        sides(({ auctions }) => auctions),
      ),
    ],
  }
}
