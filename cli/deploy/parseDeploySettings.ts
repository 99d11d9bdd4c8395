import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { getAddress, isAddress, parseUnits } from 'viem'
import { z } from 'zod'
import { type DeploymentSettings, defaultGovernance, defaultProtocolSettings, parseDeployment } from '../../chain/deploy/index.ts'
import { parseCatalogue } from '../../risk/catalogue/index.ts'
import { ConfigurationError } from '../../risk/errors/index.ts'
import type { Address } from '../../risk/types/index.ts'
import { CliError, notFoundError } from '../kit/CliError.ts'

const address = z.string().refine((text) => isAddress(text), 'an address with a right checksum')
const seconds = z.int().min(0)

/** Settings file of a deployment; what is left out has the default of the rules page. */
const settingsSchema = z.strictObject({
  schema: z.literal('ballast.deploy'),
  version: z.literal(1),
  /** Catalogue file, relative to the settings file. */
  catalogue: z.string().min(1),
  protocol: z
    .strictObject({
      ruleDelay: seconds,
      undoWindow: seconds,
      executionGrace: seconds,
      maxGuardianTerm: seconds,
      maxValidity: seconds,
      submitterWindow: seconds,
      sequencer: address.nullable(),
      sequencerGrace: seconds,
      vetoThresholdBps: z.int().min(1).max(10_000),
    })
    .partial(),
  governance: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('new'),
      name: z.string().min(1),
      allocations: z
        .array(z.strictObject({ account: address, tokens: z.string().regex(/^\d+(\.\d{1,18})?$/, 'a decimal number of tokens') }))
        .min(1),
      votingDelay: seconds.optional(),
      votingPeriod: seconds.optional(),
      lateQuorumExtension: seconds.optional(),
      timelockDelay: seconds.optional(),
      quorumPercent: z.int().min(1).max(100).optional(),
    }),
    z.strictObject({ kind: z.literal('existing'), owner: address, governor: address.nullable(), token: address.nullable() }),
    /** Owned by whoever owns this deployment; its file, relative to the settings file. */
    z.strictObject({ kind: z.literal('successor'), of: z.string().min(1) }),
  ]),
})

/**
 * Reads the settings of a deployment and the catalogue they name.
 *
 * @throws {ConfigurationError} With every problem at once.
 * @throws {CliError} A file is missing or not JSON.
 */
export function readDeploySettings(file: string): DeploymentSettings {
  const parsed = settingsSchema.safeParse(readJsonFile(file), { reportInput: true })
  if (!parsed.success) {
    throw new ConfigurationError(
      file,
      parsed.error.issues.map(({ path, message, input }) => ({
        path: ['$', ...path].join('.'),
        got: input === undefined ? 'absent' : (JSON.stringify(input) ?? String(input)).slice(0, 80),
        limit: message,
      })),
    )
  }
  const { catalogue, protocol, governance } = parsed.data
  return {
    catalogue: parseCatalogue(readJsonFile(resolve(dirname(file), catalogue))),
    protocol: { ...defaultProtocolSettings, ...protocolOf(protocol) },
    governance: governanceOf(governance, dirname(file)),
  }
}

type Parsed = z.infer<typeof settingsSchema>['governance']

function protocolOf({ sequencer, ...others }: z.infer<typeof settingsSchema>['protocol']): Partial<DeploymentSettings['protocol']> {
  return { ...present(others), ...(sequencer === undefined ? {} : { sequencer: sequencer === null ? null : getAddress(sequencer) }) }
}

function governanceOf(governance: Parsed, folder: string): DeploymentSettings['governance'] {
  switch (governance.kind) {
    case 'new':
      return newGovernance(governance)
    case 'existing':
      return existingGovernance(governance)
    case 'successor': {
      const { timelock, governor, token } = parseDeployment(readJsonFile(resolve(folder, governance.of))).contracts
      return { kind: 'existing', owner: timelock, governor, token }
    }
  }
}

function newGovernance({ name, allocations, kind: _, ...overrides }: Extract<Parsed, { kind: 'new' }>): DeploymentSettings['governance'] {
  const supply = allocations.map(({ account, tokens }) => ({ account: getAddress(account), amount: parseUnits(tokens, 18) }))
  return { ...defaultGovernance(name, supply), ...present(overrides) }
}

function existingGovernance({ owner, governor, token }: Extract<Parsed, { kind: 'existing' }>): DeploymentSettings['governance'] {
  const checked = (text: string | null): Address | null => (text === null ? null : getAddress(text))
  return { kind: 'existing', owner: getAddress(owner), governor: checked(governor), token: checked(token) }
}

/** The fields that are there. */
function present<Fields extends object>(fields: Fields): { [Name in keyof Fields]: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]: Exclude<Fields[Name], undefined>
  }
}

function readJsonFile(file: string): unknown {
  if (!existsSync(file)) throw notFoundError(`There is no file ${file}.`)
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new CliError('configuration', `${file} is not JSON.`, '', { file }, { cause })
  }
}
