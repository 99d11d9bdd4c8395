import type { ChainReader, LiveParameter, ScopeId } from '../../risk/types/index.ts'
import type { DrillSetup } from './DrillSetup.ts'

const HOUR = 3_600

/** Live parameters from the chain, read once an hour: between rounds they only ramp. `forget` is called after a round. */
export function hourlyParameters(reader: () => ChainReader): {
  readonly readParameters: DrillSetup['readParameters']
  readonly forget: () => void
} {
  const cached = new Map<ScopeId, { readonly hour: number; readonly parameters: readonly LiveParameter[] }>()
  return {
    forget: () => cached.clear(),
    readParameters: async (scope, time) => {
      const hour = Math.floor(time / HOUR)
      const known = cached.get(scope)
      if (known?.hour === hour) return known.parameters
      const { parameters } = await reader().readScope(scope)
      cached.set(scope, { hour, parameters })
      return parameters
    },
  }
}
