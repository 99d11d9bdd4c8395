import { join } from 'node:path'
import { encodeFunctionData, type Hex, toHex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildFlag, decodeInstrumentId, encodeInstrumentId, type Leg, unpackHoldings } from '../../../chain/clearing/index.ts'
import { ContractRevertError } from '../../../chain/errors/index.ts'
import { ledgerAbi, liquidationAbi, marginAbi, riskParametersAbi, vaultAbi } from '../../../chain/generated/index.ts'
import { encodeScopeId } from '../../../chain/ids/index.ts'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { loadMarket } from '../../../cli/start/loadMarket.ts'
import { laneSettings } from '../../../cli/start/setUpChain.ts'
import { type ClearingChain, openClearingChain } from '../../../controller/world/openClearingChain.ts'
import { tradeOnChain } from '../../../controller/world/tradeOnChain.ts'
import { EXPIRY, keyFor, owner, person, START, traderOf } from '../../controller/support/clearingChain.ts'
import { deep } from '../../risk/support/propertyRuns.ts'
import { uniforms } from '../../risk/support/uniforms.ts'
import {
  assessOnChain,
  expectedAssessment,
  type Figures,
  type Holdings,
  type Protocol,
  readHoldings,
} from './support/expectedAssessment.ts'

const root = join(import.meta.dirname, '../../..')
const WAD = 10n ** 18n
const STEPS = deep ? 1_500 : 24
const LATER = EXPIRY + 14 * 86_400
const multiples = [140, 170, 200, 230, 260]
const moved = [
  'margin.priceScanRange',
  'margin.volScanUp',
  'margin.volScanDown',
  'margin.shortOptionMinimum',
  'margin.tailWeight',
  'margin.initialRangeFloor',
  'margin.initialMultiplier',
  'margin.deltaAddOn',
  'margin.gammaAddOn',
  'margin.vegaAddOn',
  'market.depth',
] as const

/** Deposits, trades, prices, parameters and posts in any order on the real contracts; what docs/invariants.md calls G1 to G6 and C8 after each. */
describe('margin in any state', () => {
  const traders = ['anna', 'bert', 'cleo'].map((name) => traderOf(name))
  let local: LocalChain
  let chain: ClearingChain
  let protocol: Protocol

  beforeAll(async () => {
    const { catalogue, market, groups } = loadMarket(join(root, 'config'), 'ETH')
    local = await startLocalChain({ initialTime: START, privateKeys: ['deployer', 'owner'].map(keyFor) })
    const engines = ['one', 'two', 'three'].map((name) => person(name).address).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
    chain = await openClearingChain({
      local,
      deployer: person('deployer'),
      owner,
      artifacts: join(root, 'artifacts'),
      catalogue,
      defaults: [market, ...groups],
      lanes: ['market:ETH'],
      engines,
      laneSettings: laneSettings(LATER),
      markets: [{ name: 'ETH', spot: 200, vol: 0.9, chains: [EXPIRY, LATER].map((expiry) => ({ expiry, tick: WAD, multiples })) }],
      group: 'group:MAIN',
    })
    protocol = {
      client: local.client,
      parameters: chain.protocol.contracts.riskParameters,
      clearing: chain.clearing,
      market: encodeScopeId('market:ETH'),
      group: encodeScopeId('group:MAIN'),
    }
    for (const { owner: holder, account } of traders) await chain.deposit(holder, account, 1_500)
  }, 600_000)
  afterAll(() => local.close())

  it(
    `asks what the twin asks and lets no trade take an account below its initial margin, over ${STEPS} steps`,
    async () => {
      const draws = uniforms(deep ? 20_260_310 : 11, 12 * STEPS)
      let drawn = 0
      const draw = (): number => draws[drawn++ % draws.length]!
      const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(draw() * items.length)]!
      const seen: Record<string, number> = {}
      const count = (what: string): void => {
        seen[what] = (seen[what] ?? 0) + 1
      }
      let spot = 200
      let vol = 0.9

      /** True when the contracts let it happen. */
      const attempt = async (what: string, act: () => Promise<unknown>): Promise<boolean> => {
        try {
          await act()
          count(what)
          return true
        } catch (error) {
          if (!(error instanceof ContractRevertError)) throw error
          count(`${what} refused`)
          return false
        }
      }
      const trade = async (where: string, size: number, leg: Leg): Promise<void> => {
        const [taker, maker] = draw() < 0.5 ? [traders[0]!, traders[1]!] : [pick(traders.slice(1)), traders[0]!]
        const number = pick(chain.listed.get('ETH')!).chain
        const instrument = encodeInstrumentId({ chain: number, leg })
        const lots = BigInt(size)
        if (lots === 0n) return
        const [mark] = await protocol.client.readContract({
          address: chain.clearing.contracts.margin,
          abi: marginAbi,
          functionName: 'markOf',
          args: [instrument],
        })
        const price = (mark * BigInt(Math.round(980 + 40 * draw()))) / 1_000n
        const before = await Promise.all([taker, maker].map(({ account }) => lookAt(account, instrument)))
        const what = leg.kind === 'future' ? 'future' : 'trade'
        if (!(await attempt(what, () => tradeOnChain(local, chain, owner, { taker, maker, instrument, lots, price })))) return
        for (const [i, { account }] of [taker, maker].entries()) {
          expectTraded(before[i]!, await lookAt(account, instrument), lots < 0n ? -lots : lots, `${where}, party ${i}`)
        }
      }
      const steps: Readonly<Record<string, (where: string) => Promise<void>>> = {
        deposit: async () => {
          const { owner: holder, account } = pick(traders)
          await attempt('deposit', () => chain.deposit(holder, account, Math.round(1 + 300 * draw())))
        },
        withdraw: async () => {
          const { owner: holder, account } = pick(traders)
          const args = [account, chain.cashToken, BigInt(Math.round(1 + 3_000 * draw() ** 2)) * WAD, holder.address] as const
          const data = encodeFunctionData({ abi: vaultAbi, functionName: 'withdraw', args })
          await attempt('withdraw', () => chain.send(holder, chain.clearing.contracts.vault, data))
        },
        trade: (where) =>
          trade(where, Math.round((draw() - 0.5) * 400_000), {
            kind: 'option',
            type: draw() < 0.5 ? 'put' : 'call',
            strike: Math.floor(5 * draw()),
          }),
        future: (where) => trade(where, Math.round((draw() - 0.5) * 40_000), { kind: 'future' }),
        price: async () => {
          spot = Math.min(320, Math.max(120, spot * (0.9 + 0.2 * draw())))
          await chain.writePrices((await local.time()) + 60, new Map([['ETH', spot]]))
          count('price')
        },
        wait: async () => {
          await local.mine((await local.time()) + Math.round(30 + 900 * draw()))
          count('wait')
        },
        post: async () => {
          vol = Math.min(1.6, Math.max(0.5, vol * (0.93 + 0.14 * draw())))
          await chain.writePrices((await local.time()) + 60, new Map([['ETH', spot]]))
          await attempt('post', () => chain.postMarket('ETH', spot, vol))
        },
        parameter: async () => {
          const [scope, id] = draw() < 0.1 ? [protocol.group, 'margin.gainsCap'] : [protocol.market, pick(moved)]
          const read = { address: protocol.parameters, abi: riskParametersAbi } as const
          const args = [scope, idOf(id)] as const
          const value = await protocol.client.readContract({ ...read, functionName: 'valueOf', args })
          const { floor, ceiling } = await protocol.client.readContract({ ...read, functionName: 'ruleOf', args })
          const next = (value * BigInt(Math.round(800 + 450 * draw()))) / 1_000n
          const inside = next < floor ? floor : next > ceiling ? ceiling : next
          const data = encodeFunctionData({ abi: riskParametersAbi, functionName: 'setValues', args: [scope, [idOf(id)], [inside]] })
          await attempt('parameter', () => chain.send(owner, protocol.parameters, data))
        },
        refresh: async (where) => {
          const before = await Promise.all(traders.map(({ account }) => figuresOf(account)))
          for (const scope of [protocol.market, protocol.group]) {
            const data = encodeFunctionData({ abi: marginAbi, functionName: 'refresh', args: [scope] })
            await attempt('refresh', () => chain.send(person('anna'), chain.clearing.contracts.margin, data))
          }
          const after = await Promise.all(traders.map(({ account }) => figuresOf(account)))
          expect(after, `G2, ${where}: a copy answers as the store does`).toEqual(before)
        },
        flag: async (where) => {
          // Of whoever has least to spare, else hardly one of a hundred succeeds.
          const room = await Promise.all(
            traders.map(async ({ account }) => ({
              account,
              free: (await assessOnChain(protocol, await readHoldings(protocol, account), 'maintenance')).free,
            })),
          )
          const { account, free } = room.reduce((least, each) => (each.free < least.free ? each : least))
          const { to, data } = buildFlag(chain.clearing, account, 0n)
          if (await attempt('flag', () => chain.send(owner, to, data))) expect(free, `Q4, ${where}: flagged`).toBeLessThan(0n)
        },
      }
      const opening = [
        'trade',
        'future',
        'trade',
        'parameter',
        'trade',
        'wait',
        'refresh',
        'price',
        'withdraw',
        'withdraw',
        'withdraw',
        'post',
        'deposit',
        'flag',
      ]
      // Trades most often; prices and time between, so that they meet what they are written for.
      const weights = [
        'trade',
        'trade',
        'trade',
        'trade',
        'future',
        'price',
        'price',
        'wait',
        'post',
        'parameter',
        'parameter',
        'refresh',
        'deposit',
        'withdraw',
        'flag',
      ]

      for (let step = 0; step < STEPS; step++) {
        const kind = opening[step] ?? pick(weights)
        const where = `step ${step}, ${kind}`
        await steps[kind]!(where)
        for (const { account } of traders) await check(account, where, count)
      }
      // Past the nearer expiry, whose price is not final: nothing reverts and the twin agrees.
      await local.mine(EXPIRY + 60)
      for (const { account } of traders) await check(account, 'expired', count)

      const reached = ['trade', 'future', 'price', 'wait', 'post', 'parameter', 'refresh', 'deposit', 'withdraw', 'withdraw refused']
      const states = ['footing proved', 'footing stale', 'footing none', 'ramp', 'held in two expiries']
      const rare = deep ? ['losses without a peak, old price', 'trade refused', 'short of initial margin', 'flag'] : []
      for (const what of [...reached, ...states, ...rare]) {
        expect(seen[what] ?? 0, `${what}; seen: ${JSON.stringify(seen)}`).toBeGreaterThan(0)
      }
      console.log(`margin states: ${JSON.stringify(seen)}`)
    },
    deep ? 14_400_000 : 600_000,
  )

  type Look = Figures & { readonly lots: bigint; readonly debt: bigint; readonly flagged: boolean }

  async function lookAt(account: bigint, instrument: bigint): Promise<Look> {
    const ledger = { address: chain.clearing.contracts.ledger, abi: ledgerAbi } as const
    const lots = await protocol.client.readContract({ ...ledger, functionName: 'positionOf', args: [account, instrument] })
    const { debt } = await protocol.client.readContract({ ...ledger, functionName: 'cashOf', args: [account] })
    const flagged = await protocol.client.readContract({
      address: chain.clearing.contracts.liquidation,
      abi: liquidationAbi,
      functionName: 'isFlagged',
      args: [account],
    })
    return { ...(await assessOnChain(protocol, await readHoldings(protocol, account), 'initial')), lots, debt, flagged }
  }

  async function figuresOf(account: bigint): Promise<Figures[]> {
    const holdings = await readHoldings(protocol, account)
    return Promise.all((['maintenance', 'initial'] as const).map((pass) => assessOnChain(protocol, holdings, pass)))
  }

  async function check(account: bigint, where: string, count: (what: string) => void): Promise<void> {
    const holdings = await readHoldings(protocol, account)
    const at = `${where}, account ${toHex(account).slice(0, 10)}`
    const [maintenance, initial] = (await figuresOf(account)) as [Figures, Figures]
    expect(maintenance, `G1 maintenance, ${at}`).toEqual(await expectedAssessment(protocol, holdings, 'maintenance'))
    expect(initial, `G1 initial, ${at}`).toEqual(await expectedAssessment(protocol, holdings, 'initial'))
    if (hasNoPeak(holdings)) {
      if (initial.footing === 'stale' && initial.requirement > 0n) count('losses without a peak, old price')
      const unwidened = await expectedAssessment(protocol, holdings, 'initial', false)
      expect(initial.requirement, `G3, ${at}: an old price asks for no less`).toBeGreaterThanOrEqual(unwidened.requirement)
    }
    expect(maintenance.free, `G4, ${at}: gains are equity in maintenance`).toBe(maintenance.equity - maintenance.requirement)
    expect(initial.free, `G4, ${at}: and at most that for new risk`).toBeLessThanOrEqual(initial.equity - initial.requirement)
    const turned = inOtherOrder(holdings)
    if (turned !== null) {
      count('held in two expiries')
      expect(await assessOnChain(protocol, turned, 'initial'), `G6, ${at}: the order of chains`).toEqual(initial)
    }
    if (initial.requirement > 0n || initial.footing !== 'proved') count(`footing ${initial.footing}`)
    if (initial.free < 0n) count('short of initial margin')
    const range = { address: protocol.parameters, abi: riskParametersAbi, args: [protocol.market, idOf(moved[0])] } as const
    const [target, effective] = await Promise.all([
      protocol.client.readContract({ ...range, functionName: 'valueOf' }),
      protocol.client.readContract({ ...range, functionName: 'effectiveOf' }),
    ])
    if (target !== effective) count('ramp')
  }
})

/** C8 on the real margin: enough on proved values; else nothing was taken on, at values that may be false only a part of it closed. */
function expectTraded(
  before: Figures & { readonly lots: bigint; readonly debt: bigint; readonly flagged: boolean },
  after: typeof before,
  size: bigint,
  where: string,
): void {
  if (!before.flagged && after.footing === 'proved' && after.free >= 0n) return
  const proved = before.footing === 'proved' && after.footing === 'proved'
  if (!proved) {
    expect(absolute(after.lots) + size, `C8, ${where}: closes`).toBe(absolute(before.lots))
    expect(after.debt, `C8, ${where}: debt`).toBeLessThanOrEqual(before.debt)
    if (before.footing === 'none' || after.footing === 'none') return
  }
  expect(after.requirement, `C8, ${where}: requirement`).toBeLessThanOrEqual(before.requirement)
  if (after.free < 0n) expect(after.free, `C8, ${where}: shortfall`).toBeGreaterThanOrEqual(before.free)
}

/** True without a bought option: losses then only grow with the move, and no cell of a wider scan can step over the worst of them (G7). */
function hasNoPeak(holdings: Holdings): boolean {
  return unpackHoldings(holdings).every(({ instrument, lots }) => lots <= 0n || decodeInstrumentId(instrument).leg.kind === 'future')
}

/** The same holdings, their first two chains exchanged; null for fewer. */
function inOtherOrder(holdings: Holdings): Holdings | null {
  const [packed = 0n, ...rest] = holdings.chains
  const [first, second] = [BigInt.asUintN(64, packed), BigInt.asUintN(64, packed >> 64n)]
  if (second === 0n) return null
  const words = (field: bigint): number => Math.ceil(Number(field >> 56n) / 5)
  const [one, two] = [words(first), words(first) + words(second)]
  const pages = [...holdings.pages.slice(one, two), ...holdings.pages.slice(0, one), ...holdings.pages.slice(two)]
  return { ...holdings, chains: [second | (first << 64n) | ((packed >> 128n) << 128n), ...rest], pages }
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value
}

function idOf(name: string): Hex {
  return toHex(name, { size: 32 })
}
