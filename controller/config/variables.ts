import { secretVariables } from '../signers/openSigner.ts'

/** A variable of the environment, and the key it sets. */
export type Variable = { readonly path: string; readonly type: 'text' | 'number' | 'boolean' | 'list' }

/** Variables that set keys of the configuration. Lists are separated by commas. */
export const variables: Readonly<Record<string, Variable>> = {
  RPC_URL: { path: 'rpc.urls', type: 'list' },
  CHAIN_ID: { path: 'chain.id', type: 'number' },
  LOG_LEVEL: { path: 'log.level', type: 'text' },
  PORT: { path: 'http.port', type: 'number' },
  KEYSTORE_PATH: { path: 'signer.path', type: 'text' },
  BALLAST_HOST: { path: 'http.host', type: 'text' },
  BALLAST_DEPLOYMENT: { path: 'chain.deployment', type: 'text' },
  BALLAST_STORE: { path: 'store.path', type: 'text' },
  BALLAST_SEND: { path: 'send', type: 'boolean' },
}

/** Variables of this project that are not keys of the configuration. */
export const otherVariables: readonly string[] = [
  ...Object.values(secretVariables),
  'BALLAST_CONFIG',
  'BALLAST_DATA',
  'BALLAST_TEST_TIER',
  'BALLAST_KEYSTORE_NEW_PASSWORD',
]
