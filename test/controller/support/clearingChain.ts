import { join } from 'node:path'
import { keccak256, type LocalAccount, stringToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { encodeAccountId } from '../../../chain/clearing/index.ts'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { loadMarket } from '../../../cli/start/loadMarket.ts'
import { laneSettings } from '../../../cli/start/setUpChain.ts'
import { type ClearingChain, openClearingChain } from '../../../controller/world/openClearingChain.ts'
import type { Trader } from '../../../controller/world/tradeOnChain.ts'

const root = join(import.meta.dirname, '../../..')
export const START = Date.UTC(2020, 2, 10) / 1_000
export const EXPIRY = Date.UTC(2020, 2, 20, 8) / 1_000
const keyOf = (name: string) => keccak256(stringToHex(`test ${name}`))
export const person = (name: string): LocalAccount => privateKeyToAccount(keyOf(name))
export const keyFor = keyOf
export const traderOf = (name: string): Trader => ({
  owner: person(name),
  account: encodeAccountId({ owner: person(name).address, sub: 0n }),
})
export const owner = person('owner')

/** The whole protocol on a chain of this process: ETH at 200 with one chain of five strikes. */
export async function startClearing(port?: number): Promise<{ readonly local: LocalChain; readonly chain: ClearingChain }> {
  const { catalogue, market, groups } = loadMarket(join(root, 'config'), 'ETH')
  const local = await startLocalChain({
    initialTime: START,
    privateKeys: ['deployer', 'owner'].map(keyOf),
    ...(port === undefined ? {} : { port }),
  })
  const engines = ['one', 'two', 'three'].map((name) => person(name).address).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
  const chain = await openClearingChain({
    local,
    deployer: person('deployer'),
    owner,
    artifacts: join(root, 'artifacts'),
    catalogue,
    defaults: [market, ...groups],
    lanes: ['market:ETH'],
    engines,
    laneSettings: laneSettings(EXPIRY),
    markets: [{ name: 'ETH', spot: 200, vol: 0.9, chains: [{ expiry: EXPIRY, tick: 10n ** 18n, multiples: [140, 170, 200, 230, 260] }] }],
    group: 'group:MAIN',
  })
  return { local, chain }
}
