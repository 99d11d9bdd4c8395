import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, type SelectionSetNode, type ValidationRule } from 'graphql'
import { createGraphQLError } from 'graphql-yoga'

/** Levels of selections in one query. */
export const MAX_DEPTH = 6
/** Fields of one query, aliases and fragments written out. */
export const MAX_FIELDS = 400
/** Lists of one query, aliases counted. */
export const MAX_LISTS = 10
/** Tokens of one document. */
export const MAX_TOKENS = 2_000

/** `top` counts the fields of the set itself, fragments written out. */
type Size = { readonly depth: number; readonly fields: number; readonly top: number }

/** Refuses a query whose answer could be too large, before anything of it runs. Introspection is limited by GraphQL's own rules. */
export const sizeRule: ValidationRule = (context) => ({
  OperationDefinition(operation: OperationDefinitionNode) {
    const refuse = (what: string, got: number, limit: number): void =>
      context.reportError(createGraphQLError(`The query has ${got} ${what}; at most ${limit} are allowed.`, { nodes: operation }))
    const { depth, fields, top } = measure(operation.selectionSet, (name) => context.getFragment(name), new Set())
    if (depth > MAX_DEPTH) refuse('levels', depth, MAX_DEPTH)
    if (fields > MAX_FIELDS) refuse('fields', fields, MAX_FIELDS)
    if (top > MAX_LISTS) refuse('lists', top, MAX_LISTS)
  },
})

type FragmentOf = (name: string) => FragmentDefinitionNode | null | undefined

/** Stops counting as soon as a limit is passed, so that fragments of fragments cannot make the counting itself long. */
function measure(set: SelectionSetNode, fragmentOf: FragmentOf, open: ReadonlySet<string>): Size {
  let [depth, fields, top] = [0, 0, 0]
  for (const selection of set.selections) {
    if (fields > MAX_FIELDS) break
    let inner: Size = { depth: 0, fields: 0, top: 0 }
    if (selection.kind === Kind.FIELD) {
      if (selection.name.value.startsWith('__')) continue
      if (selection.selectionSet !== undefined) inner = measure(selection.selectionSet, fragmentOf, open)
      inner = { depth: inner.depth + 1, fields: inner.fields + 1, top: 1 }
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      inner = measure(selection.selectionSet, fragmentOf, open)
    } else {
      const name = selection.name.value
      const fragment = fragmentOf(name)
      // A cycle is refused by a rule of its own.
      if (fragment != null && !open.has(name)) inner = measure(fragment.selectionSet, fragmentOf, new Set([...open, name]))
    }
    depth = Math.max(depth, inner.depth)
    fields += inner.fields
    top += inner.top
  }
  return { depth, fields, top }
}
