/** One word of the state before and after; null where it does not exist. */
export type StateChange = { readonly path: string; readonly before: string | null; readonly after: string | null }

/** Every path whose word differs, ascending. */
export function diffStates(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): StateChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort()
  return paths.flatMap((path) => {
    const change = { path, before: before.get(path) ?? null, after: after.get(path) ?? null }
    return change.before === change.after ? [] : [change]
  })
}
