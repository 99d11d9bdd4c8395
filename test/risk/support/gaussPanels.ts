import { gaussLegendreRule } from '../../../risk/math/index.ts'

const { nodes, weights } = gaussLegendreRule(20)

/** Integral of `f` between each pair of neighbouring `cuts`, each part in `panels` equal pieces of 20 points. Nothing adapts, so it shares no choice with the engine. */
export function gaussPanels(f: (x: number) => number, cuts: readonly number[], panels: number): number {
  let sum = 0
  for (let i = 1; i < cuts.length; i++) {
    const half = (cuts[i]! - cuts[i - 1]!) / panels / 2
    for (let panel = 0; panel < panels; panel++) {
      const centre = cuts[i - 1]! + (2 * panel + 1) * half
      for (let j = 0; j < nodes.length; j++) sum += half * weights[j]! * f(centre + half * nodes[j]!)
    }
  }
  return sum
}
