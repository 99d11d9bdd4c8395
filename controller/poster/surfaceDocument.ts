import { z } from 'zod'
import type { SurfaceToSign } from '../../chain/typed-data/index.ts'
import type { ScopeId } from '../../risk/types/index.ts'

const decimal = z.string().regex(/^-?\d{1,60}$/, 'must be a whole number as text')
const whole = z.string().regex(/^\d{1,60}$/, 'must be a whole number from 0 as text')
const time = z.int().min(0)

/** A surface to sign as engines send it to one another: integers of 18 decimals as text. */
export const surfaceDocument = z.strictObject({
  market: z
    .custom<ScopeId>((value) => typeof value === 'string' && /^market:[!-~]{1,31}$/.test(value), 'must be a market')
    .meta({ type: 'string', pattern: '^market:[!-~]{1,31}$' }),
  epoch: time,
  version: time,
  asOf: time,
  validUntil: time,
  spot: whole,
  slices: z
    .array(z.strictObject({ expiry: time, a: decimal, b: decimal, rho: decimal, m: decimal, sigma: decimal, forwardRatio: whole }))
    .min(1)
    .max(16),
})

export type SurfaceDocument = z.infer<typeof surfaceDocument>

export function toSurfaceDocument({ spot, slices, ...rest }: SurfaceToSign): SurfaceDocument {
  return {
    ...rest,
    spot: spot.toString(),
    slices: slices.map(({ expiry, a, b, rho, m, sigma, forwardRatio }) => ({
      expiry,
      a: a.toString(),
      b: b.toString(),
      rho: rho.toString(),
      m: m.toString(),
      sigma: sigma.toString(),
      forwardRatio: forwardRatio.toString(),
    })),
  }
}

export function fromSurfaceDocument({ spot, slices, ...rest }: SurfaceDocument): SurfaceToSign {
  return {
    ...rest,
    spot: BigInt(spot),
    slices: slices.map(({ expiry, a, b, rho, m, sigma, forwardRatio }) => ({
      expiry,
      a: BigInt(a),
      b: BigInt(b),
      rho: BigInt(rho),
      m: BigInt(m),
      sigma: BigInt(sigma),
      forwardRatio: BigInt(forwardRatio),
    })),
  }
}
