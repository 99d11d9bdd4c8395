import type { Hex } from '../../risk/types/index.ts'
import { MissingSecretError } from '../errors/SignerErrors.ts'
import { createEngineKey } from './createEngineKey.ts'
import type { EngineKey } from './EngineKey.ts'
import { openKeystore } from './keystoreFile.ts'

export type SignerConfig = { readonly kind: 'keystore'; readonly path: string } | { readonly kind: 'environment' }

/** Variables that hold secrets. They are read here and nowhere else. */
export const secretVariables = { privateKey: 'BALLAST_PRIVATE_KEY', keystorePassword: 'BALLAST_KEYSTORE_PASSWORD' } as const

/**
 * Opens the engine's key as the configuration says.
 *
 * @throws {MissingSecretError} The environment lacks the password or the key.
 */
export async function openSigner(config: SignerConfig, env: Readonly<Record<string, string | undefined>>): Promise<EngineKey> {
  switch (config.kind) {
    case 'keystore':
      return openKeystore(config.path, secret(env, secretVariables.keystorePassword, `the password of ${config.path}`))
    case 'environment':
      return createEngineKey(secret(env, secretVariables.privateKey, 'the private key of this engine') as Hex)
  }
}

function secret(env: Readonly<Record<string, string | undefined>>, variable: string, what: string): string {
  const value = env[variable]
  if (value === undefined || value === '') throw new MissingSecretError({ variable, what })
  return value
}
