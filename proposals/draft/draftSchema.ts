import { z } from 'zod'

/** Shape of a draft file. Units, ranges and names are checked against the catalogue and the chain when the draft is built. */

const scope = z
  .string()
  .regex(/^(protocol|market|asset|group):[A-Za-z0-9._-]{1,31}$/)
  .describe('Kind and name, for example market:ETH')
const parameter = z.string().min(1).max(31).describe('Id from the catalogue, for example margin.priceScanRange')
const quantity = z.string().min(1).max(60).describe('A number with its unit: 26 %, 0.5 vol points, 5,000,000 USD, 60,000 contracts, 90 s')
const duration = z.string().min(2).max(30).describe('A number with s, min, h or d')
const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .describe('20 bytes; in mixed case the checksum must hold')
const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/)
  .describe('UTC, for example 2027-01-31 or 2027-01-31T12:00Z')
const count = z.int().min(0).max(4_294_967_295)

export const ruleFieldsSchema = z
  .strictObject({
    floor: quantity.optional(),
    ceiling: quantity.optional(),
    baseline: quantity.optional().describe('where the dead-man walks to'),
    tightenStep: quantity.optional().describe('share of the live value, in %'),
    tightenStepFloor: quantity.optional().describe('a tighten step may always be this large'),
    loosenStep: quantity.optional().describe('share of the live value, in %'),
    tightenCooldown: duration.optional(),
    loosenCooldown: duration.optional(),
    tightenBudget: quantity.optional().describe('per 24 h, in %'),
    loosenBudget: quantity.optional().describe('per window, in %'),
    loosenWindow: duration.optional(),
    veto: duration.optional().describe('between a pending loosening and its execution'),
    emergencyStep: quantity.optional().describe('share of the live value, in %'),
    emergencyCooldown: duration.optional(),
    rampPerHour: quantity.optional(),
    value: quantity.optional().describe('the live value moves here, because the new range excludes it'),
  })
  .describe('Fields left out keep what is in force')

export const laneSettingsSchema = z.strictObject({
  heartbeatTimeout: duration.optional(),
  deadManTimeout: duration.optional(),
  flipWindow: duration.optional(),
  shadowRounds: count.optional(),
  canaryRounds: count.optional(),
  breakerRejections: count.optional(),
  impactAccountsLimit: count.optional(),
  impactNotionalLimit: quantity.optional(),
  impactMultiple: quantity.optional().describe('in %'),
})

const share = z.string().min(1).max(60).describe('a share such as 20 % or 2000 bps')
export const surfaceLimitsSchema = z
  .strictObject({
    volStep: share.optional().describe('ATM vol of an expiry from one post to the next'),
    volPerHour: share.optional().describe('and more, per hour between them'),
    forwardStep: share.optional(),
    forwardPerHour: share.optional(),
    firstVol: share.optional().describe('first post of an expiry, from referenceVol'),
    firstForward: share.optional().describe('first post of an expiry, from a ratio of one'),
    spot: share.optional().describe('signed spot from the price feed'),
    referenceVol: share.optional().describe('annualised, for example 80 %'),
  })
  .describe('Fields left out keep what is in force')

/** Arguments of a raw call, as its ABI names them. */
export type CallArgument = string | number | boolean | readonly CallArgument[]
const argument: z.ZodType<CallArgument> = z.lazy(() => z.union([z.string().max(20_000), z.int(), z.boolean(), z.array(argument).max(256)]))

export const actionSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('setValues'), scope, values: z.record(parameter, quantity) }),
  z.strictObject({ do: z.literal('setRules'), scope, rules: z.record(parameter, ruleFieldsSchema) }),
  z.strictObject({ do: z.literal('cancelRule'), scope, parameter }),
  z.strictObject({
    do: z.literal('list'),
    contents: z.string().min(1).max(400).describe('file of rules and first values, relative to the draft, like config/markets/sol.json'),
    scopes: z.array(scope).min(1).max(16).optional().describe('only these scopes of the file'),
  }),
  z.strictObject({
    do: z.literal('openMandate'),
    scope,
    mode: z.enum(['shadow', 'canary', 'live']),
    expires: instant,
    settings: laneSettingsSchema.optional(),
  }),
  z.strictObject({ do: z.literal('renewMandate'), scope, expires: instant, settings: laneSettingsSchema.optional() }),
  z.strictObject({ do: z.literal('resumeMandate'), scope }),
  z.strictObject({ do: z.literal('pauseMandate'), scope }),
  z.strictObject({ do: z.literal('revokeMandate') }).describe('voids every engine key, signature and pending loosening'),
  z.strictObject({ do: z.literal('changeEngines'), engines: z.array(address).min(1).max(64), threshold: z.int().min(1).max(64) }),
  z.strictObject({ do: z.literal('grantSteward'), account: address }),
  z.strictObject({ do: z.literal('revokeSteward'), account: address }),
  z.strictObject({ do: z.literal('appointGuardian'), account: address, until: instant }),
  z.strictObject({ do: z.literal('setMeter'), scope, meter: address }),
  z.strictObject({ do: z.literal('openGroup'), group: scope, token: address.describe('cash of the group, a USD stablecoin') }),
  z.strictObject({ do: z.literal('admitMarket'), group: scope, market: scope }),
  z.strictObject({
    do: z.literal('listCollateral'),
    group: scope,
    token: address,
    asset: scope.describe('where its haircut and cap are'),
    feed: scope.describe('market whose price values it'),
    ladder: scope.optional().describe('market whose underlying it is: it moves in the scan with it; none for a stablecoin'),
  }),
  z.strictObject({
    do: z.literal('listFeed'),
    market: scope,
    sources: z
      .array(z.strictObject({ aggregator: address, decimals: z.int().min(0).max(36), heartbeat: duration }))
      .min(1)
      .max(5),
    quorum: z.int().min(1).max(5),
    maxDeviation: share.describe('from the median; a source further away does not count'),
    price: quantity.describe('what the DAO expects one unit to cost, for example 3,000 USD: fixes the unit of the sources'),
  }),
  z.strictObject({ do: z.literal('setSurfaceSigners'), signers: z.array(address).min(1).max(64), threshold: z.int().min(1).max(64) }),
  z.strictObject({ do: z.literal('setSurfaceLimits'), market: scope, limits: surfaceLimitsSchema }),
  z
    .strictObject({ do: z.literal('settle'), market: scope, expiry: instant, price: quantity })
    .describe('after a window without enough prices'),
  z.strictObject({ do: z.literal('resumeGroup'), group: scope }).describe('ends a halt'),
  z.strictObject({
    do: z.literal('handOver'),
    successor: z.string().min(1).max(400).describe('deployments/<chain id>.json of the successor, relative to the draft'),
  }),
  z.strictObject({
    do: z.literal('call'),
    target: address,
    abi: z.string().min(5).max(2_000).describe('signature, for example function setDelay(uint256 seconds)'),
    args: z.array(argument).max(64),
    value: z.string().max(60).optional().describe('ether that goes along, 0 ETH when absent'),
    codeHash: z
      .string()
      .regex(/^0x[0-9a-f]{64}$/)
      .optional()
      .describe('keccak256 of the code at a target that is none of the protocol'),
    effects: z
      .record(z.string().max(200), z.string().max(200))
      .optional()
      .describe('what the call changes, by path of the state diff, and the value after it'),
  }),
])

export const conditionSchema = z.strictObject({
  target: address,
  abi: z.string().min(5).max(2_000).describe('a view, for example function totalSupply() view returns (uint256)'),
  args: z.array(argument).max(16).optional(),
  atLeast: z
    .string()
    .regex(/^\d{1,78}$/)
    .optional(),
  atMost: z
    .string()
    .regex(/^\d{1,78}$/)
    .optional(),
  equals: z.string().max(80).optional().describe('whole number, address, bytes32, true or false'),
})

export const draftSchema = z.strictObject({
  schema: z.literal('ballast.proposal'),
  version: z.literal(1),
  title: z.string().min(3).max(120),
  why: z.string().min(1).max(20_000).describe('Markdown: reasons, evidence, risks, rollback'),
  proposer: address.optional().describe('only this account can submit'),
  actions: z.array(actionSchema).min(1).max(64),
  conditions: z
    .array(conditionSchema)
    .max(64)
    .optional()
    .describe('what must be true at the end, besides every value and rule that the actions set'),
})

export type DraftFile = z.infer<typeof draftSchema>
export type DraftAction = z.infer<typeof actionSchema>
export type DraftCondition = z.infer<typeof conditionSchema>
export type RuleFields = z.infer<typeof ruleFieldsSchema>
export type LaneFields = z.infer<typeof laneSettingsSchema>

/** JSON Schema of a draft file, as published in config/schema/proposal.json. */
export function draftSchemaText(): string {
  const schema = z.toJSONSchema(draftSchema, { target: 'draft-2020-12' })
  return `${JSON.stringify({ title: 'Draft of a proposal', ...schema }, null, 2)}\n`
}
