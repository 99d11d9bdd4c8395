import { differentiate } from '../../math/index.ts'

/** Where and how far to look, and the two second derivatives already known there. */
export type CrossPoint = {
  readonly x: number
  readonly y: number
  readonly stepX: number
  readonly stepY: number
  readonly secondX: number
  readonly secondY: number
}

/** d2f/dx dy from the second derivative along the diagonal (stepX, stepY), less what x and y alone contribute to it. */
export function crossDerivative(f: (x: number, y: number) => number, { x, y, stepX, stepY, secondX, secondY }: CrossPoint): number {
  const along = differentiate((t) => f(x + t * stepX, y + t * stepY), 0, 1).second
  return (along - stepX * stepX * secondX - stepY * stepY * secondY) / (2 * stepX * stepY)
}
