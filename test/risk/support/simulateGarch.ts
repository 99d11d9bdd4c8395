import { referenceNormals } from './uniforms.ts'

/** Recursion of the reference tables, with its first variance the long-run one: h[t + 1] = omega + (alpha + gamma [x < 0]) x^2 + beta h, x = sqrt(h) z. */
export function simulateGarch(
  { omega, alpha, gamma = 0, beta }: { readonly omega: number; readonly alpha: number; readonly gamma?: number; readonly beta: number },
  shocks: readonly number[],
): number[] {
  let h = omega / (1 - alpha - beta - gamma / 2)
  return shocks.map((z) => {
    const x = Math.sqrt(h) * z
    h = omega + (alpha + (x < 0 ? gamma : 0)) * x * x + beta * h
    return x
  })
}

/** The series of cases ga-02 and ha-01. */
export function referenceGarch(seed: number, n: number, parameters: Parameters<typeof simulateGarch>[0]): number[] {
  return simulateGarch(parameters, referenceNormals(seed, n))
}
