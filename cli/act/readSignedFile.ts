import { resolve } from 'node:path'
import { type Address, getAddress, isAddress } from 'viem'
import { z } from 'zod'
import { readJson } from '../context/readJson.ts'
import { CliError } from '../kit/CliError.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import type { ActNode } from './openActNode.ts'

const address = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), 'must be an address')
  .transform((text) => getAddress(text))
const bytes = z.templateLiteral(['0x', z.string().regex(/^([0-9a-fA-F]{2})*$/)])

/** Pieces of the files that one person signs and passes on. */
export const signedFields = {
  address,
  bytes,
  instant: z.int().nonnegative(),
  count: z
    .int()
    .nonnegative()
    .max(2 ** 32 - 1),
  word: z.string().regex(/^\d{1,39}$/),
  scope: z.templateLiteral([z.enum(['protocol', 'market', 'asset', 'group']), ':', z.string().min(1)]),
  id: z.string().regex(/^[!-~]{1,31}$/),
  signature: z.strictObject({ signer: address, data: bytes }).nullable(),
} as const

/**
 * A file that somebody signed, for this contract on this chain.
 *
 * @param shape - Of the fields besides `schema`, `version`, `chainId` and `contract`.
 * @throws {CliError} There is no such file, it is of another kind, malformed (every problem is named), or for another contract or chain.
 */
export function readSignedFile<Shape extends z.ZodRawShape>(
  file: string,
  schema: string,
  contract: Address,
  shape: Shape,
  { chainId }: Pick<ActNode, 'chainId'>,
  { terminal }: Pick<CommandContext, 'terminal'>,
): z.infer<z.ZodObject<Shape>> {
  const record = readJson<{ readonly schema: string; readonly version: number }>(
    resolve(terminal.folder, file),
    schema,
    1,
    'Make one with --sign-only or --prepare.',
  )
  const { schema: _, version: __, chainId: onChain, contract: forContract, ...fields }: Record<string, unknown> = record
  if (onChain !== chainId || String(forContract).toLowerCase() !== contract.toLowerCase())
    throw new CliError(
      'failure',
      `${file} is for contract ${String(forContract)} on chain ${String(onChain)}, not ${contract} on chain ${chainId}.`,
    )
  const parsed = z.strictObject(shape).safeParse(fields)
  if (parsed.success) return parsed.data as z.infer<z.ZodObject<Shape>>
  const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || 'file'}: ${message}`)
  throw new CliError('configuration', `${file} cannot be read.`, problems.join('\n'), { file })
}
