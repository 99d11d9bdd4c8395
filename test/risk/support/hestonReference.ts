// Second method for Heston: the two-probability formula of the 1993 paper with plain complex numbers, Simpson's rule and platform
// arithmetic. Shares nothing with the model.
import type { HestonInputs } from '../../../risk/pricing/heston/index.ts'

type Complex = readonly [number, number]
const add = (a: Complex, b: Complex): Complex => [a[0] + b[0], a[1] + b[1]]
const scale = (k: number, a: Complex): Complex => [k * a[0], k * a[1]]
const multiply = (a: Complex, b: Complex): Complex => [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]]
const divide = (a: Complex, b: Complex): Complex => {
  const size = b[0] * b[0] + b[1] * b[1]
  return [(a[0] * b[0] + a[1] * b[1]) / size, (a[1] * b[0] - a[0] * b[1]) / size]
}
const exponential = (a: Complex): Complex => [Math.exp(a[0]) * Math.cos(a[1]), Math.exp(a[0]) * Math.sin(a[1])]
const logarithm = (a: Complex): Complex => [Math.log(Math.hypot(...a)), Math.atan2(a[1], a[0])]
const root = (a: Complex): Complex => exponential(scale(0.5, logarithm(a)))

/** Call price by S P1 - K P2; good to about 1e-8 while the characteristic function has died at `limit`. */
export function referenceHestonCall(inputs: HestonInputs, limit: number, panels: number): number {
  const { spot, strike, rate, dividendYield, timeToExpiry, v0, kappa, theta, sigma, rho } = inputs
  const log = Math.log(spot / strike) + (rate - dividendYield) * timeToExpiry
  const probability = (shift: 0 | 1): number => {
    const b = kappa - (shift === 1 ? rho * sigma : 0)
    const sign = shift === 1 ? 1 : -1
    const integrand = (u: number): number => {
      const beta: Complex = [b, -rho * sigma * u]
      const d = root(add(multiply(beta, beta), [sigma * sigma * u * u, -sign * sigma * sigma * u]))
      const minus = add(beta, scale(-1, d))
      const g = divide(minus, add(beta, d))
      const e = exponential(scale(-timeToExpiry, d))
      const bottom = add([1, 0], scale(-1, multiply(g, e)))
      const level = add(scale(timeToExpiry, minus), scale(-2, logarithm(divide(bottom, add([1, 0], scale(-1, g))))))
      const slope = divide(multiply(minus, add([1, 0], scale(-1, e))), bottom)
      const exponent = add(scale((kappa * theta) / (sigma * sigma), level), scale(v0 / (sigma * sigma), slope))
      return divide(exponential(add(exponent, [0, u * log])), [0, u])[0]
    }
    const h = limit / panels
    let sum = 0
    // Midpoints: the integrand has a removable singularity at 0.
    for (let i = 0; i < panels; i++) {
      const left = i * h
      sum += (h / 6) * (integrand(left + 1e-9 * h) + 4 * integrand(left + 0.5 * h) + integrand(left + h))
    }
    return 0.5 + sum / Math.PI
  }
  return spot * Math.exp(-dividendYield * timeToExpiry) * probability(1) - strike * Math.exp(-rate * timeToExpiry) * probability(0)
}
