import type { Command } from 'commander'
import { defineNoun } from './kit/defineCommand.ts'
import type { Terminal } from './kit/Terminal.ts'
import { assessVerb } from './risk/assess.ts'
import { greeksVerb } from './risk/greeks.ts'
import { ivVerb } from './risk/iv.ts'
import { marginVerb } from './risk/margin.ts'
import { modelsVerb } from './risk/models.ts'
import { priceVerb } from './risk/price.ts'
import { stressVerb } from './risk/stress.ts'
import { surfaceVerb } from './risk/surface.ts'
import { volVerb } from './risk/vol.ts'

/** `ballast risk`: the risk engine on files of one's own, and what the engines of a run saw. */
export function riskNoun(terminal: Terminal): Command {
  return defineNoun('risk', 'prices, volatilities, margin and stress of your files; what the engines of a run saw', [
    priceVerb(terminal),
    greeksVerb(terminal),
    modelsVerb(terminal),
    ivVerb(terminal),
    volVerb(terminal),
    surfaceVerb(terminal),
    marginVerb(terminal),
    stressVerb(terminal),
    assessVerb(terminal),
  ])
}
