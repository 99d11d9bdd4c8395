import { z } from 'zod'

type Media = Readonly<Record<string, { readonly schema: object }>>
type Operation = { readonly responses: Readonly<Record<string, { readonly content?: Media }>> }
export type ApiDocument = {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

/** Every method of every path. */
export function operationsOf({ paths }: ApiDocument): { readonly path: string; readonly method: string }[] {
  return Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ path, method })))
}

/** @throws {Error} The document has no such operation, or no such status of it. */
export function findResponse({ paths }: ApiDocument, method: string, path: string, status: number): { readonly content?: Media } {
  const found = Object.entries(paths).find(([template]) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path))
  const operation = found?.[1][method.toLowerCase()]
  if (operation === undefined) throw new Error(`The document has no ${method} ${path}.`)
  const response = operation.responses[String(status)]
  if (response === undefined) throw new Error(`${method} ${path} answered ${status}, which the document does not know.`)
  return response
}

/**
 * Holds a response against the document: status, type, and body by its JSON Schema.
 *
 * @returns The body: JSON where it is, else text.
 */
export async function validateResponse(document: ApiDocument, method: string, path: string, response: Response): Promise<unknown> {
  const text = await response.text()
  const { content } = findResponse(document, method, path, response.status)
  const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? ''
  const media = content?.[type]
  if (media === undefined) throw new Error(`${method} ${path} answered ${type}, not ${Object.keys(content ?? {}).join(' or ')}.`)
  const body: unknown = type.endsWith('json') ? JSON.parse(text) : text
  const $defs = document.components.schemas
  const schema = JSON.parse(
    JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...media.schema, $defs }).replaceAll(
      '#/components/schemas/',
      '#/$defs/',
    ),
  )
  z.fromJSONSchema(schema).parse(body)
  return body
}
