import { GraphQLScalarType, type GraphQLScalarTypeConfig, Kind, type ValueNode } from 'graphql'
import { formatAccountId, parseAccountId } from '../../chain/ids/index.ts'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Address } from '../../risk/types/index.ts'
import { explain } from './explain.ts'

type Config = GraphQLScalarTypeConfig<unknown, unknown>

/** Reads the scalar the same way from a variable and from the query's text. */
function scalar(
  name: string,
  description: string,
  serialize: NonNullable<Config['serialize']>,
  parse: (value: unknown) => unknown,
): GraphQLScalarType {
  return new GraphQLScalarType({
    name,
    description,
    serialize,
    parseValue: (value) => explain(() => parse(value)),
    parseLiteral: (node) => explain(() => parse(literal(node))),
  })
}

/** Numbers too large to be exact stay text, which only BigInt takes. */
function literal(node: ValueNode): unknown {
  if (node.kind === Kind.INT) return Number.isSafeInteger(Number(node.value)) ? Number(node.value) : node.value
  return node.kind === Kind.STRING ? node.value : node.kind
}

function parseWhole(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new InvalidInputError({ argument: 'Whole', got: value, limit: 'a whole number from 0 to 2^53 - 1' })
}

function parseBigInt(value: unknown): string {
  if ((typeof value === 'string' && /^\d{1,78}$/.test(value)) || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0))
    return String(BigInt(value))
  throw new InvalidInputError({ argument: 'BigInt', got: value, limit: 'a decimal string of at most 78 digits' })
}

function parseBytes(value: unknown): string {
  if (typeof value === 'string' && /^0x([0-9a-fA-F]{2})*$/.test(value)) return value.toLowerCase()
  throw new InvalidInputError({ argument: 'Bytes', got: value, limit: '0x and an even number of hex digits' })
}

/** The scalars of the schema; accounts carry the chain in their name. */
export function createScalars(chainId: number): Readonly<Record<string, GraphQLScalarType>> {
  return {
    Whole: scalar('Whole', 'A whole number from 0 to 2^53 - 1.', (value) => value, parseWhole),
    BigInt: scalar('BigInt', 'A whole number as decimal text.', String, parseBigInt),
    Bytes: scalar('Bytes', 'Bytes as 0x and lower-case hex digits.', (value) => value, parseBytes),
    Account: scalar(
      'Account',
      'An account by CAIP-10, checksummed.',
      (value) => formatAccountId(chainId, value as Address),
      (value) => parseAccountId(chainId, String(value)),
    ),
  }
}
