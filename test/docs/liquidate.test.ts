import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../cli/context/projectRoot.ts'
import { describeProgram } from '../../cli/kit/describeProgram.ts'
import type { Terminal } from '../../cli/kit/Terminal.ts'
import { buildProgram } from '../../cli/program.ts'
import { runCli } from '../cli/runCli.ts'
import { keyFor, person, traderOf } from '../controller/support/clearingChain.ts'
import { type DebtChain, startDebts } from '../controller/support/debtChain.ts'
import { guideBlocks } from './support/guideBlocks.ts'

const guide = readFileSync(join(projectRoot, 'docs/guides/liquidate.md'), 'utf8')
const known = describeProgram(buildProgram({ environment: {} } as Terminal))
const optionsOf = (path: string): readonly string[] =>
  known.find((each) => each.path === `ballast ${path}`)?.options.map(({ flags }) => flags.split(' ')[0] ?? '') ?? []
const reasons = [...guide.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, names = '']) =>
  [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
)

describe('docs/guides/liquidate.md', () => {
  it('names options that the commands have, and every reason for which the bot passes', () => {
    const known = new Set([...optionsOf('liquidator run'), ...optionsOf('account show')])
    const named = [...guide.matchAll(/`(--[a-z-]+)/g)].map(([, option = '']) => option)
    expect(named.filter((option) => !known.has(option))).toEqual([])
    const sources = ['chooseBid', 'choosePurchase', 'nothingOnSale', 'workDebts']
      .map((name) => readFileSync(join(projectRoot, `controller/bots/${name}.ts`), 'utf8'))
      .join('\n')
    const given = [...sources.matchAll(/'(unprofitable|no[A-Z]\w+|tooSmall|outflowLimit)'/g)].map(([, reason = '']) => reason)
    expect([...new Set(given)].sort()).toEqual([...reasons].sort())
  })

  describe('its commands, on a chain with a debt', () => {
    let debts: DebtChain
    const folder = mkdtempSync(join(tmpdir(), 'ballast-liquidate-'))
    const { owner: holder, account } = traderOf('bot')
    beforeAll(async () => {
      debts = await startDebts(0)
      await debts.chain.deposit(holder, account, 1_000)
      await debts.local.fund(person('bot').address, parseEther('10'))
      await debts.endow(holder, 100_000)
      await debts.setDebtCap(1_000)
      await debts.pass(1, 300)
      writeFileSync(join(folder, 'clearing.json'), JSON.stringify(debts.chain.clearing))
      writeFileSync(join(folder, 'protocol.json'), JSON.stringify(debts.chain.protocol))
    }, 180_000)
    afterAll(async () => {
      rmSync(folder, { recursive: true, force: true })
      await debts?.local.close()
    })

    /** A line of the guide, against this chain; a bot that would run on makes one pass, and takes its key from the environment. */
    const run = async (line: string) => {
      const words = line
        .replace('http://127.0.0.1:8545', debts.local.url ?? '')
        .replace('var/liquidator', 'bot')
        .replace(' --keystore bot.json', '')
        .split(' ')
        .slice(1)
      const files = [
        '--clearing',
        'clearing.json',
        ...(words[0] === 'liquidator' ? ['--deployment', 'protocol.json', '--native-price', '200'] : []),
      ]
      const once = words[0] === 'liquidator' && !words.includes('--once') ? ['--once'] : []
      return runCli([...words, ...files, ...once], { folder, environment: { BALLAST_PRIVATE_KEY: keyFor('bot') } })
    }

    it('look, call the debt, wait, and buy', async () => {
      const lines = guideBlocks(guide).flatMap(({ code }) => code.trim().split('\n'))
      expect(lines.length).toBe(3)
      const said: string[] = []
      for (const line of lines) {
        const { code, out, err } = await run(line)
        expect({ line, code, err }).toEqual({ line, code: 0, err: '' })
        said.push(out)
      }
      expect(said[0]).toContain('debt above its limit')
      expect(said[1]).toMatch(/callDebt .* dryRun/)
      expect(said[2]).toMatch(/callDebt .* sent/)
      await debts.pass(45, 300)
      expect((await run(lines[2] ?? '')).out).toMatch(/buyCollateral .* sent/)
      expect(await debts.balanceOf(debts.ether, holder.address)).toBeGreaterThan(parseEther('30'))
    })
  })
})
