import type { AnyColumn } from '../entities/columns.ts'
import { type Entity, entities } from '../entities/index.ts'

/** Rows of one page at most. */
export const MAX_PAGE = 500
/** Rows of a page when the query does not say. */
export const DEFAULT_PAGE = 50

const doc = (text: string): string => `"""${text}"""`
const typeOf = ({ graphql, nullable }: AnyColumn): string => (nullable || graphql.endsWith('!') ? graphql : `${graphql}!`)

const common = `
scalar Whole
scalar BigInt
scalar Bytes
scalar Account

${doc('Oldest first, or newest first.')}
enum Order { ascending descending }

${doc('Where a page ends. Give `endCursor` as `after` for the next one.')}
type PageInfo { hasNextPage: Boolean! endCursor: String }

${doc('One call.')}
type Call { target: Account! ${doc('Wei.')} value: String! data: Bytes! }

${doc('Everything governance decides about one parameter; contracts/interfaces/ParameterTypes.sol has units and meanings.')}
type Rule {
  floor: Whole! ceiling: Whole! baseline: Whole!
  tightenStepBps: Int! tightenStepFloor: Whole! loosenStepBps: Int! tightenCooldown: Int! loosenCooldown: Int!
  tightenBudgetBps: Int! loosenBudgetBps: Int! loosenWindow: Int! vetoHours: Int! emergencyStepBps: Int! emergencyCooldown: Int!
  rampPerHour: Whole!
}

${doc('What the DAO set for a lane; contracts/interfaces/IControllerMandate.sol has units and meanings.')}
type LaneSettings {
  heartbeatTimeout: Whole! deadManTimeout: Whole! flipWindow: Whole! shadowRounds: Int! canaryRounds: Int! breakerRejections: Int!
  impactAccountsLimit: Whole! impactNotionalLimit: BigInt! impactMultipleBps: Int! expiresAt: Whole!
}

${doc('How far the index is, and whether to believe it.')}
type Status {
  ${doc('CAIP-2.')} chain: String!
  ${doc('CAIP-19 of the governance token; null without one.')} token: String
  ${doc('Last indexed block; null before the first.')} block: Whole
  blockHash: Bytes
  ${doc('Chain time of that block, seconds.')} time: Whole
  ${doc('Head of the chain as the node last said; null before it answered.')} headBlock: Whole
  ${doc('Blocks between the two.')} lagBlocks: Whole
  ${doc('Links of the hash chain up to the last indexed block, and its head, 28 bytes.')} links: Whole!
  historyHead: Bytes!
  ${doc('Whether the answers are those of the chain now. When false, `reasons` says why not.')} ready: Boolean!
  reasons: [String!]!
  ${doc('Reorganisations that were taken back, the deepest one in blocks, and full rebuilds.')} rollbacks: Whole!
  deepestRollback: Whole!
  rebuilds: Whole!
}
`

const originFields = `
  ${doc('Orders rows: block times 2^20 plus the place of the log in it.')} position: Whole!
  ${doc('Block of the event that made the row.')} block: Whole!
  ${doc('Its chain time, seconds.')} time: Whole!
  ${doc('Its transaction.')} transaction: Bytes!`

function typeDef({ name, doc: text, columns }: Entity): string {
  const fields = Object.entries(columns).map(([field, column]) => `  ${doc(column.doc)} ${field}: ${typeOf(column)}`)
  const filters = Object.entries(columns).flatMap(([field, { filter, graphql }]) => (filter ? [`  ${field}: ${graphql}`] : []))
  return `
${doc(text)}
type ${name} {${originFields}
${fields.join('\n')}
}

type ${name}Page { nodes: [${name}!]! pageInfo: PageInfo! }

input ${name}Filter {
${filters.join('\n')}
  ${doc('Made in this block or later.')} fromBlock: Whole
  ${doc('Made in this block or earlier.')} toBlock: Whole
}`
}

function enumDefs(): string[] {
  const columns = entities.flatMap((entity) => Object.values(entity.columns))
  const members = new Map(columns.flatMap(({ graphql, members: of }) => (of === undefined ? [] : [[graphql, of] as const])))
  return [...members].map(([name, of]) => `enum ${name} { ${of.join(' ')} }`)
}

const listField = ({ name, list, doc: text }: Entity): string =>
  `  ${doc(text)} ${list}(first: Int = ${DEFAULT_PAGE}, after: String, order: Order = ascending, where: ${name}Filter): ${name}Page!`

/** The schema in GraphQL's own language, made from the entities. */
export const typeDefs: string = [
  common,
  ...enumDefs(),
  ...entities.map(typeDef),
  `type Query {\n  ${doc('How far the index is.')} status: Status!\n${entities.map(listField).join('\n')}\n}`,
].join('\n')
