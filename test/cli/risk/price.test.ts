import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { projectRoot } from '../../../cli/context/projectRoot.ts'
import { pricingModels } from '../../../risk/pricing/models/index.ts'
import { runCli } from '../runCli.ts'

const scratch = mkdtempSync(join(tmpdir(), 'ballast-risk-'))
const example = 'examples/risk/products.json'
const run = (args: readonly string[], input: string | Uint8Array = '') => runCli(['risk', ...args], { folder: projectRoot, input })
const bsm = { model: 'bsm', inputs: { type: 'call', spot: 42, strike: 40, rate: 0.1, dividendYield: 0, timeToExpiry: 0.5, vol: 0.2 } }
const hull = 4.75942239287154

describe('risk price', () => {
  test('prices every product of the example file', async () => {
    const { code, out } = await run(['price', example, '--json'])
    expect(code).toBe(0)
    const { schema, version, products } = JSON.parse(out)
    expect({ schema, version }).toEqual({ schema: 'ballast.prices', version: 1 })
    expect(products.map(({ id }: { id: string }) => id)).toEqual(['call', 'put on a future', 'coin-settled call', 'quarterly future'])
    for (const { value } of products) expect(value).toBeGreaterThan(0)
  })
  test('reads a single product from standard input, also compressed, and gives the published price', async () => {
    for (const input of [JSON.stringify(bsm), gzipSync(JSON.stringify(bsm))]) {
      for (const args of [
        ['price', '-', '--json'],
        ['price', '--json'],
      ]) {
        const { code, out } = await run(args, input)
        expect(code).toBe(0)
        expect(JSON.parse(out).products[0].value).toBeCloseTo(hull, 10)
      }
    }
  })
  test('--ndjson writes a line per product; the table shows twelve digits', async () => {
    const { out } = await run(['price', example, '--ndjson'])
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).model),
    ).toEqual(['bsm', 'black-76', 'inverse-option', 'dated-future'])
    expect((await run(['price', '-'], JSON.stringify(bsm))).out).toContain('4.75942239287')
  })
  test('the example of every model prices through the command line', async () => {
    for (const { name } of pricingModels) {
      const { out: product } = await run(['models', name, '--json'])
      const { code, out, err } = await run(['price', '-', '--json'], product)
      expect(code, `${name}: ${err}`).toBe(0)
      expect(JSON.parse(out).products[0].value, name).toBeGreaterThan(0)
    }
  })
  test('--plot draws the product named, now and at expiry, as one SVG without anything from elsewhere', async () => {
    const file = join(scratch, 'value.svg')
    const { code, err } = await run(['price', example, '--product', 'put on a future', '--plot', file])
    expect(code).toBe(0)
    expect(err).toContain('Wrote')
    const svg = readFileSync(file, 'utf8')
    expect(svg).toMatch(/^<svg [^>]*role="img"/)
    expect(svg).toContain('put on a future: European option on a forward')
    expect(svg.match(/<path d="M[\d.,L-]+" fill="none" stroke/g)).toHaveLength(2)
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/href|url\(|<script|https?:|NaN|Infinity/)
  })
  test('draws only where the model has a value: a barrier, an extremum seen before, an approximation that needs time', async () => {
    for (const name of ['barrier-single', 'lookback-floating', 'american-barone-adesi-whaley']) {
      const { out: product } = await run(['models', name, '--json'])
      for (const verb of ['price', 'greeks']) {
        const { code, err } = await run([verb, '-', '--plot', join(scratch, 'part.svg')], product)
        expect(name.startsWith('american') && verb === 'greeks' ? 2 : 0, `${verb} ${name}: ${err}`).toBe(code)
      }
    }
    const { out: swap } = await run(['models', 'variance-swap', '--json'])
    const { code, err } = await run(['price', '-', '--plot', join(scratch, 'none.svg')], swap)
    expect([code, err]).toEqual([2, expect.stringContaining('variance-swap has none of the inputs spot, forward, spot1, mark')])
  })
})

describe('risk greeks', () => {
  test('gives all thirteen for a European option, and a picture of four', async () => {
    const file = join(scratch, 'greeks.svg')
    const { code, out } = await run(['greeks', '-', '--json', '--plot', file], JSON.stringify(bsm))
    expect(code).toBe(0)
    const [{ value, greeks }] = JSON.parse(out).products
    expect(value).toBeCloseTo(hull, 10)
    expect(Object.keys(greeks)).toHaveLength(13)
    expect(greeks.delta).toBeCloseTo(0.779131290942669, 10)
    expect(readFileSync(file, 'utf8').match(/<g transform/g)).toHaveLength(4)
  })
  test('the table has a line per sensitivity', async () => {
    const { out } = await run(['greeks', example])
    expect(out).toMatch(/^coin-settled call +value +0\.0816/m)
    expect(out).toMatch(/^ +veta +-/m)
  })
})

describe('risk models', () => {
  test('lists every model; one with inputs, ranges and example', async () => {
    const { out } = await run(['models'])
    for (const { name } of pricingModels) expect(out).toContain(`${name} `)
    const one = await run(['models', 'bsm'])
    expect(one.out).toMatch(/^timeToExpiry +years +0 to 100 +0\.5$/m)
    expect(one.out).toMatch(/^type +one of +call, put +"call"$/m)
  })
  test('suggests the name that was meant', async () => {
    const { code, err } = await run(['models', 'bsn'])
    expect(code).toBe(4)
    expect(err).toContain('bsm')
  })
})

describe('what is wrong with a file', () => {
  const failure = async (text: string): Promise<{ code: number; err: string }> => {
    const file = join(scratch, 'bad.json')
    writeFileSync(file, text)
    return run(['price', file])
  }
  test('names line and column of what is not JSON', async () => {
    const { code, err } = await failure('{\n  "model": "bsm",\n  "inputs": { "type": call }\n}')
    expect(code).toBe(3)
    expect(err).toMatch(/bad\.json, line 3, column 23: not JSON/)
  })
  test('names every problem with path, value and limit', async () => {
    const products = [bsm, { ...bsm, inputs: { ...bsm.inputs, vol: -1, colour: 'red' } }, { ...bsm, inputs: { ...bsm.inputs, spot: '42' } }]
    const { code, err } = await failure(JSON.stringify({ schema: 'ballast.products', version: 1, products }))
    expect(code).toBe(3)
    expect(err).toContain('has 3 problems')
    expect(err).toContain('$.products[1].inputs.vol: -1; it must be at least 0')
    expect(err).toContain('$.products[1].inputs.colour: a field that does not exist; it must be left out')
    expect(err).toContain('$.products[2].inputs.spot: "42"; it must be a number')
  })
  test('names the models there are', async () => {
    const { code, err } = await failure(JSON.stringify({ model: 'swaption', inputs: {} }))
    expect(code).toBe(3)
    expect(err).toMatch(/\$, model: swaption; it must be one of bsm, /)
  })
  test('refuses another document, a missing file, a plot that is no SVG, a product that is not there', async () => {
    expect((await failure('{"schema":"ballast.book","version":1}')).err).toContain('$.schema: "ballast.book"')
    const missing = await run(['price', 'nowhere.json'])
    expect([missing.code, missing.err]).toEqual([4, expect.stringContaining('There is no file nowhere.json.')])
    expect((await run(['price', example, '--plot', 'a.png'])).code).toBe(2)
    expect((await run(['price', example, '--plot', join(scratch, 'a.svg'), '--product', 'swap'])).code).toBe(4)
  })
})
