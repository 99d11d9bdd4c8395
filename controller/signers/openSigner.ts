import type { Hex } from '../../risk/types/index.ts'
import { MissingSecretError } from '../errors/SignerErrors.ts'
import { createEngineKey } from './createEngineKey.ts'
import type { EngineKey } from './EngineKey.ts'
import { openKeystore } from './keystoreFile.ts'

export type SignerConfig = { readonly kind: 'keystore'; readonly path: string } | { readonly kind: 'environment' }

/** Variables that hold secrets. They are read here and nowhere else. */
export const secretVariables = {
  privateKey: 'BALLAST_PRIVATE_KEY',
  keystorePassword: 'BALLAST_KEYSTORE_PASSWORD',
  surfacePrivateKey: 'BALLAST_SURFACE_PRIVATE_KEY',
  surfaceKeystorePassword: 'BALLAST_SURFACE_KEYSTORE_PASSWORD',
} as const

const roles = {
  engine: { privateKey: secretVariables.privateKey, password: secretVariables.keystorePassword, what: 'the private key of this engine' },
  surface: {
    privateKey: secretVariables.surfacePrivateKey,
    password: secretVariables.surfaceKeystorePassword,
    what: 'the private key of the surface signer',
  },
} as const

/**
 * Opens a key as the configuration says.
 *
 * @param role - What it signs for: each has variables of its own, so that neither key is taken for the other.
 * @throws {MissingSecretError} The environment lacks the password or the key.
 */
export async function openSigner(
  config: SignerConfig,
  env: Readonly<Record<string, string | undefined>>,
  role: keyof typeof roles = 'engine',
): Promise<EngineKey> {
  const { privateKey, password, what } = roles[role]
  switch (config.kind) {
    case 'keystore':
      return openKeystore(config.path, secret(env, password, `the password of ${config.path}`))
    case 'environment':
      return createEngineKey(secret(env, privateKey, what) as Hex)
  }
}

function secret(env: Readonly<Record<string, string | undefined>>, variable: string, what: string): string {
  const value = env[variable]
  if (value === undefined || value === '') throw new MissingSecretError({ variable, what })
  return value
}
