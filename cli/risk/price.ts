import type { Command } from 'commander'
import type { Valuation } from '../../risk/pricing/models/index.ts'
import { createProgress } from '../kit/createProgress.ts'
import { type CommandContext, defineCommand } from '../kit/defineCommand.ts'
import { readInput } from '../kit/readInput.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { formatTable } from '../kit/table.ts'
import { significant } from '../kit/values.ts'
import type { Chart } from '../plot/renderChart.ts'
import { writePlot } from '../plot/writePlot.ts'
import { chosenProduct } from './chosenProduct.ts'
import { drawnAgainst, insideDomain } from './drawnAgainst.ts'
import { eachWithPath } from './eachWithPath.ts'
import { type Product, parseProducts } from './parseProducts.ts'

type PriceOptions = { readonly plot?: string; readonly product?: string }
type Priced = { readonly product: Product; readonly valuation: Valuation }

/** `ballast risk price`: products of a file by the name of their model. */
export function priceVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'price',
      summary: 'price the products of a file',
      details:
        'The file is JSON: {"model": ..., "inputs": {...}}, or a document ballast.products with a list of them. `ballast risk models` has the models and their inputs.',
      examples: [
        { run: 'risk price examples/risk/products.json', what: 'every product of a file' },
        { run: 'risk price examples/risk/products.json --plot value.svg', what: 'and the first one against its spot' },
        { run: 'risk models bsm --json | ballast risk price -', what: 'from standard input' },
      ],
      kind: 'list',
    },
    (command) => {
      command
        .argument('[file]', 'products; - or nothing reads standard input')
        .option('--plot <file>', 'also draw the value against the spot, as SVG')
        .option('--product <id>', 'which product to draw; default is the first')
    },
    async ([file], options: PriceOptions, context) => {
      const input = await readInput(terminal, file)
      const products = parseProducts(input)
      const priced = priceAll(input.name, products, context)
      const rows = priced.map(({ product: { id, model }, valuation }) => ({ id, model: model.name, ...valuation }))
      context.output.list({ schema: 'ballast.prices', version: 1, products: rows }, rows, (colours) =>
        formatTable(
          [{ title: 'product' }, { title: 'model' }, { title: 'value', align: 'right' }, { title: 'standard error', align: 'right' }],
          rows.map(({ id, model, value, standardError }) => [
            id,
            model,
            decimal(value),
            standardError === undefined ? '' : significant(standardError),
          ]),
          colours.dim,
        ),
      )
      writePlot(context, options.plot, () => valueChart(chosenProduct(products, options.product), context))
    },
  )
}

function priceAll(name: string, products: readonly Product[], context: CommandContext): Priced[] {
  const progress = createProgress(context, 'products', products.length)
  const priced = eachWithPath(name, atInputs(products), ({ product }, i) => {
    const valuation = product.model.price(product.inputs)
    progress.tick(i + 1)
    return { product, valuation }
  })
  progress.end()
  return priced
}

/** Products with the path of their inputs, where a model finds what is wrong. */
export function atInputs(products: readonly Product[]): { readonly product: Product; readonly path: string }[] {
  return products.map((product) => ({ product, path: `${product.path}.inputs` }))
}

/** Twelve significant digits. */
export function decimal(value: number): string {
  return String(Number(value.toPrecision(12)))
}

function valueChart(product: Product, context: CommandContext): Chart {
  const { field, from, values } = drawnAgainst(product)
  const progress = createProgress(context, 'points', 2 * values.length)
  const value = (changes: Readonly<Record<string, number>>, done: number): number => {
    progress.tick(done)
    return insideDomain(() => product.model.price({ ...product.inputs, ...changes }).value, Number.NaN)
  }
  const now = values.map((x, i) => ({ x, y: value({ [field]: x }, i + 1) }))
  const expires = typeof product.inputs['timeToExpiry'] === 'number'
  const later = expires ? values.map((x, i) => ({ x, y: value({ [field]: x, timeToExpiry: 0 }, values.length + i + 1) })) : []
  progress.end()
  return {
    title: `${product.id}: ${product.model.title}`,
    description: `Value against ${field} from ${values[0]} to ${values.at(-1)}, now and at expiry.`,
    panels: [
      {
        title: 'Value',
        x: field,
        y: 'value',
        marks: [{ x: from, label: 'now' }],
        series: [
          { name: 'now', style: 'line', points: now },
          ...(later.some(({ y }) => Number.isFinite(y)) ? [{ name: 'at expiry', style: 'dashed' as const, points: later }] : []),
        ],
      },
    ],
  }
}
