import { z } from 'zod'

/** Shapes of the configuration files. Numbers are checked against each other and against the catalogue in the parsers. */
const CEILING = 281_474_976_710_655 // 2^48 - 1, the largest value the store can hold

const value = z.int().min(0).max(CEILING)
const uint16 = z.int().min(0).max(65_535)
const id = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)+$/)
  .max(31)
  .describe('Dotted name, at most 31 ASCII characters')
const scope = z
  .string()
  .regex(/^(protocol|market|asset|group):[A-Za-z0-9._-]{1,31}$/)
  .describe('Kind and name, for example market:ETH')

export const ruleSchema = z.strictObject({
  floor: value.describe('own unit'),
  ceiling: value.describe('own unit'),
  baseline: value.describe('own unit; where the dead-man walks to when it is tighter'),
  tightenStepBps: uint16.describe('of the live value, by the controller'),
  tightenStepFloor: value.describe('own unit: a tighten step may always be this large'),
  loosenStepBps: uint16.describe('of the live value, at least one unit'),
  tightenCooldown: uint16.describe('minutes since the last tightening'),
  loosenCooldown: uint16.describe('minutes since the last write'),
  tightenBudgetBps: uint16.describe('gross per 24 h, of the value at the start of the window'),
  loosenBudgetBps: uint16.describe('gross per window'),
  loosenWindow: uint16.describe('hours'),
  vetoHours: uint16.describe('hours between a pending loosening and its execution'),
  emergencyStepBps: uint16.describe('of the live value, by a steward'),
  emergencyCooldown: uint16.describe('minutes since the last tightening'),
  rampPerHour: value.describe('own unit; zero unless the parameter is ramped'),
})

export const catalogueSchema = z.strictObject({
  schema: z.literal('ballast.catalogue'),
  version: z.literal(1),
  name: z.string().min(1),
  parameters: z
    .array(
      z.strictObject({
        id,
        unit: z.enum(['bps', 'bps/100', 'volPoints/100', 'usd', 'contracts', 'seconds']),
        description: z.string().min(1),
        scopeKind: z.enum(['protocol', 'market', 'asset', 'group']),
        direction: z.enum(['up', 'down', 'twoSided']),
        class: z.enum(['risk', 'money', 'feed', 'governance']),
        group: z.int().min(0).max(255),
        ramped: z.boolean(),
        rails: z.strictObject({
          floor: value,
          ceiling: value,
          maxTightenStepBps: uint16,
          maxLoosenStepBps: uint16,
          maxTightenBudgetBps: uint16,
          maxLoosenBudgetBps: uint16,
          minLoosenCooldownMinutes: uint16,
          minVetoHours: uint16,
        }),
      }),
    )
    .min(1)
    .max(64),
  invariants: z.array(
    z.strictObject({
      left: id,
      right: id,
      leftBaseline: z.boolean(),
      rightBaseline: z.boolean(),
      leftMul: z.int().min(1).max(4_294_967_295),
      rightMul: z.int().min(1).max(4_294_967_295),
      slack: value,
    }),
  ),
})

export const marketSchema = z.strictObject({
  schema: z.literal('ballast.market'),
  version: z.literal(1),
  market: z.string().min(1),
  scopes: z.array(z.strictObject({ scope, parameters: z.array(z.strictObject({ id, value, rule: ruleSchema })).min(1) })).min(1),
})

const fraction = z.number().min(0).max(1)
export const engineSchema = z.strictObject({
  schema: z.literal('ballast.engine'),
  version: z.literal(1),
  market: z.string().min(1),
  scope,
  tickSeconds: z.int().min(60).describe('seconds between two ticks'),
  validitySeconds: z.int().min(1).max(900).describe('seconds a signed round stays valid after its observation'),
  hysteresis: fraction.describe('share of the live value below which a move is ignored'),
  tolerance: z.strictObject({
    price: fraction.describe('relative difference of a price that a signer accepts'),
    volume: fraction.describe('relative difference of a volume that a signer accepts'),
    vol: fraction.describe('difference of implied vol that a signer accepts, as vol'),
    missingBars: z.int().min(0).describe('bars the signer may lack'),
  }),
  maxBarAge: z.int().min(60).describe('seconds after which the last bar is stale'),
  assumed: z
    .record(id, z.int().min(0))
    .describe('values, in the unit of each, of parameters that the margin rule reads but that live in another scope'),
  policy: z.record(id, z.record(z.string(), z.number())).describe('constants of each policy, by parameter id'),
  fingerprint: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/)
    .describe('numeric fingerprint of the engine that may sign'),
})
