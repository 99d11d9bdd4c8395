// Second method for American options: Crank-Nicolson in ln spot with two implicit start steps and the Brennan-Schwartz sweep, platform
// arithmetic.
import type { AmericanInputs } from '../../../risk/pricing/american/index.ts'

/**
 * American option on a grid of `space` prices and `time` steps over +-6 standard deviations. Extrapolated in the number of steps (error ~
 * 1/time) it is good to a few units of 1e-5 of the strike.
 */
export function finiteDifferenceAmerican(inputs: AmericanInputs, space: number, time: number): number {
  const coarse = onGrid(inputs, space / 2, time / 4)
  return onGrid(inputs, space, time) + (onGrid(inputs, space, time) - coarse) / 3
}

function onGrid({ type, spot, strike, rate, dividendYield, vol, timeToExpiry }: AmericanInputs, space: number, time: number): number {
  const sign = type === 'call' ? 1 : -1
  const half = space / 2
  const reach = 6 * vol * Math.sqrt(timeToExpiry) + Math.abs(Math.log(spot / strike)) + Math.abs(rate - dividendYield) * timeToExpiry
  const h = reach / half
  const prices = Array.from({ length: space + 1 }, (_, i) => spot * Math.exp((i - half) * h))
  const payoff = prices.map((price) => Math.max(0, sign * (price - strike)))
  let values = [...payoff]
  const diffusion = (0.5 * vol * vol) / (h * h)
  const drift = (rate - dividendYield - 0.5 * vol * vol) / (2 * h)
  const [down, here, up] = [diffusion - drift, -2 * diffusion - rate, diffusion + drift]
  // The put is exercised below, the call above: elimination runs towards that side, so that substitution can project on its way back.
  const order = Array.from({ length: space - 1 }, (_, i) => (sign < 0 ? space - 1 - i : i + 1))
  const steps = [
    ...Array.from({ length: 4 }, () => ({ dt: timeToExpiry / time / 2, implicit: 1 })),
    ...Array.from({ length: time - 2 }, () => ({ dt: timeToExpiry / time, implicit: 0.5 })),
  ]
  for (const { dt, implicit } of steps) {
    const explicit = (1 - implicit) * dt
    const pivot = new Float64Array(space + 1)
    const right = new Float64Array(space + 1)
    const before = values
    const next = [...payoff]
    for (const [n, i] of order.entries()) {
      const from = i - (sign < 0 ? -1 : 1)
      const [towards, back] = sign < 0 ? [down, up] : [up, down]
      pivot[i] = 1 - implicit * dt * here
      right[i] = before[i]! + explicit * (down * before[i - 1]! + here * before[i]! + up * before[i + 1]!)
      const link = -implicit * dt * back
      if (n === 0) right[i] = right[i]! - link * payoff[from]!
      else {
        const factor = link / pivot[from]!
        pivot[i] = pivot[i]! + factor * implicit * dt * towards
        right[i] = right[i]! - factor * right[from]!
      }
    }
    for (const i of [...order].reverse()) {
      const [towards, to] = sign < 0 ? [down, i - 1] : [up, i + 1]
      next[i] = Math.max(payoff[i]!, (right[i]! + implicit * dt * towards * next[to]!) / pivot[i]!)
    }
    values = next
  }
  return values[half]!
}
