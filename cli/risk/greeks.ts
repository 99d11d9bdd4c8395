import type { Command } from 'commander'
import type { Sensitivities } from '../../risk/pricing/models/index.ts'
import { usageError } from '../kit/CliError.ts'
import { createProgress } from '../kit/createProgress.ts'
import { type CommandContext, defineCommand } from '../kit/defineCommand.ts'
import { readInput } from '../kit/readInput.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { formatTable } from '../kit/table.ts'
import type { Chart } from '../plot/renderChart.ts'
import { writePlot } from '../plot/writePlot.ts'
import { chosenProduct } from './chosenProduct.ts'
import { drawnAgainst, insideDomain } from './drawnAgainst.ts'
import { eachWithPath } from './eachWithPath.ts'
import { type Product, parseProducts } from './parseProducts.ts'
import { atInputs, decimal } from './price.ts'

type GreeksOptions = { readonly plot?: string; readonly product?: string }

const DRAWN = ['delta', 'gamma', 'vega', 'theta']

/** `ballast risk greeks`: sensitivities of products. */
export function greeksVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'greeks',
      summary: 'sensitivities of the products of a file',
      details: 'Per 1.00 of spot, of volatility and of rate, and per year of calendar time. The file is that of `ballast risk price`.',
      examples: [
        { run: 'risk greeks examples/risk/products.json', what: 'every product whose model has them' },
        { run: 'risk greeks examples/risk/products.json --plot greeks.svg', what: 'and those of the first against its spot' },
        { run: 'risk models bsm --json | ballast risk greeks - --json', what: 'from standard input' },
      ],
      kind: 'list',
    },
    (command) => {
      command
        .argument('[file]', 'products; - or nothing reads standard input')
        .option('--plot <file>', 'also draw delta, gamma, vega and theta against the spot, as SVG')
        .option('--product <id>', 'which product to draw; default is the first')
    },
    async ([file], options: GreeksOptions, context) => {
      const input = await readInput(terminal, file)
      const products = parseProducts(input)
      const progress = createProgress(context, 'products', products.length)
      const rows = eachWithPath(input.name, atInputs(products), ({ product: { id, model, inputs } }, i) => {
        const { value } = model.price(inputs)
        const greeks = model.greeks === null ? null : model.greeks(inputs)
        progress.tick(i + 1)
        return { id, model: model.name, value, greeks }
      })
      progress.end()
      context.output.list({ schema: 'ballast.greeks', version: 1, products: rows }, rows, (colours) =>
        formatTable(
          [{ title: 'product' }, { title: 'sensitivity' }, { title: 'value', align: 'right' }],
          rows.flatMap(({ id, value, greeks }) => [
            [id, 'value', decimal(value)],
            ...(greeks === null
              ? [['', 'none: the model has no sensitivities of its own', '']]
              : Object.entries(greeks).map(([name, figure]) => ['', name, decimal(figure)])),
          ]),
          colours.dim,
        ),
      )
      writePlot(context, options.plot, () => greeksChart(chosenProduct(products, options.product), context))
    },
  )
}

function greeksChart(product: Product, context: CommandContext): Chart {
  const { greeks } = product.model
  if (greeks === null) throw usageError(`${product.id} cannot be drawn: ${product.model.name} has no sensitivities.`)
  const { field, from, values } = drawnAgainst(product)
  const progress = createProgress(context, 'points', values.length)
  const rows = values.map((x, i): { readonly x: number; readonly at: Sensitivities } => {
    progress.tick(i + 1)
    return { x, at: insideDomain(() => greeks({ ...product.inputs, [field]: x }), {}) }
  })
  progress.end()
  const names = DRAWN.filter((name) => rows.some(({ at }) => at[name] !== undefined))
  if (names.length === 0) throw usageError(`${product.id} cannot be drawn: ${product.model.name} has none of ${DRAWN.join(', ')}.`)
  return {
    title: `${product.id}: ${product.model.title}`,
    description: `${names.join(', ')} against ${field} from ${values[0]} to ${values.at(-1)}.`,
    panels: names.map((name) => ({
      title: name,
      x: field,
      y: name,
      marks: [{ x: from, label: 'now' }],
      series: [{ name, style: 'line', points: rows.map(({ x, at }) => ({ x, y: at[name] ?? Number.NaN })) }],
    })),
  }
}
