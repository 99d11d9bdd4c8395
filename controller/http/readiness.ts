import type { EndpointHealth } from '../submitter/endpoints.ts'

/** Whether one part works, and what it says. */
export type Component = { readonly name: string; readonly ready: boolean; readonly detail: string }
export type Readiness = { readonly ready: boolean; readonly components: readonly Component[] }

/** Ready when every part is. */
export function combine(components: readonly Component[]): Readiness {
  return { ready: components.every(({ ready }) => ready), components }
}

/** Runs a check and turns its failure into a component that is not ready. */
export async function component(name: string, check: () => Promise<string> | string): Promise<Component> {
  try {
    return { name, ready: true, detail: await check() }
  } catch (error) {
    return { name, ready: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

/** Endpoints in one sentence, by host. */
export function describeEndpoints(endpoints: readonly EndpointHealth[]): string {
  return endpoints.map(({ host, state, head }) => `${host} ${state}${head === null ? '' : ` at block ${head}`}`).join(', ')
}
