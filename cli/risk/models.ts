import type { Command } from 'commander'
import { z } from 'zod'
import { pricingModels, type RegisteredModel } from '../../risk/pricing/models/index.ts'
import { notFoundError } from '../kit/CliError.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Document } from '../kit/json.ts'
import { didYouMean } from '../kit/nearest.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { formatTable } from '../kit/table.ts'

/** `ballast risk models`: what can be priced. */
export function modelsVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'models',
      summary: 'list the models that price, or the inputs of one with an example',
      details: 'With a model, --json writes a product that `ballast risk price` takes as it is.',
      examples: [
        { run: 'risk models', what: 'all models' },
        { run: 'risk models barrier-single', what: 'the inputs of one' },
        { run: 'risk models bsm --json --output product.json', what: 'a file to start from' },
      ],
    },
    (command) => {
      command.argument('[model]', 'its name')
    },
    ([name], _options, { output }) => {
      if (name === undefined) {
        const models = pricingModels.map((model) => ({ name: model.name, title: model.title, greeks: model.greeks !== null }))
        output.result({ schema: 'ballast.models', version: 1, models }, (colours) =>
          formatTable(
            [{ title: 'model' }, { title: 'prices' }, { title: 'sensitivities' }],
            models.map((model) => [model.name, model.title, model.greeks ? 'yes' : '']),
            colours.dim,
          ),
        )
        return
      }
      const model = find(name)
      const example = { model: model.name, inputs: model.example } as Document
      output.result(example, (colours) =>
        [
          `${colours.strong(model.name)}: ${model.title}`,
          '',
          formatTable(
            [{ title: 'input' }, { title: 'is' }, { title: 'range' }, { title: 'example', align: 'right' }],
            fieldsOf(model).map(({ field, is, range }) => [field, is, range, JSON.stringify(model.example[field]) ?? '']),
            colours.dim,
          ),
        ].join('\n'),
      )
    },
  )
}

function find(name: string): RegisteredModel {
  const found = pricingModels.find((model) => model.name === name)
  const names = pricingModels.map((model) => model.name)
  if (found === undefined)
    throw notFoundError(`There is no model ${JSON.stringify(name)}.`, didYouMean(name, names) || `There are ${names.join(', ')}.`)
  return found
}

type FieldSchema = {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly description?: string
}

/** Inputs of a model with their meaning and range, read off its schema. */
function fieldsOf(model: RegisteredModel): { readonly field: string; readonly is: string; readonly range: string }[] {
  const { properties = {} } = z.toJSONSchema(model.schema, { io: 'input', unrepresentable: 'any' }) as {
    readonly properties?: Readonly<Record<string, FieldSchema>>
  }
  return Object.entries(properties).map(([field, { type, enum: words, minimum, maximum, description }]) => ({
    field,
    is: description ?? (words === undefined ? (type ?? 'see the model') : 'one of'),
    range:
      words !== undefined
        ? words.join(', ')
        : [minimum, maximum].every((limit) => limit === undefined)
          ? ''
          : `${minimum ?? ''} to ${maximum ?? ''}`,
  }))
}
