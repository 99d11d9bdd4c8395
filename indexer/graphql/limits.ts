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
    const { depth, fields, top } = measure(operation.selectionSet, (name) => context.getFragment(name), new Map())
    if (depth > MAX_DEPTH) refuse('levels', depth, MAX_DEPTH)
    if (fields > MAX_FIELDS) refuse('fields', fields, MAX_FIELDS)
    if (top > MAX_LISTS) refuse('lists', top, MAX_LISTS)
  },
})

type FragmentOf = (name: string) => FragmentDefinitionNode | null | undefined

const nothing: Size = { depth: 0, fields: 0, top: 0 }

/**
 * Looks into each fragment once, so that fragments of fragments, also empty ones, cannot make the counting itself long.
 *
 * @param known - Sizes of fragments; of one that is being measured nothing yet, since a cycle is refused by a rule of its own.
 */
function measure(set: SelectionSetNode, fragmentOf: FragmentOf, known: Map<string, Size>): Size {
  let [depth, fields, top] = [0, 0, 0]
  for (const selection of set.selections) {
    let inner = nothing
    if (selection.kind === Kind.FIELD) {
      if (selection.name.value.startsWith('__')) continue
      if (selection.selectionSet !== undefined) inner = measure(selection.selectionSet, fragmentOf, known)
      inner = { depth: inner.depth + 1, fields: inner.fields + 1, top: 1 }
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      inner = measure(selection.selectionSet, fragmentOf, known)
    } else {
      inner = measureFragment(selection.name.value, fragmentOf, known)
    }
    depth = Math.max(depth, inner.depth)
    fields += inner.fields
    top += inner.top
  }
  return { depth, fields, top }
}

function measureFragment(name: string, fragmentOf: FragmentOf, known: Map<string, Size>): Size {
  const found = known.get(name)
  if (found !== undefined) return found
  known.set(name, nothing)
  const fragment = fragmentOf(name)
  const size = fragment == null ? nothing : measure(fragment.selectionSet, fragmentOf, known)
  known.set(name, size)
  return size
}
