import type { Command } from 'commander'
import { defineNoun } from './kit/defineCommand.ts'
import type { Terminal } from './kit/Terminal.ts'
import { executeVerb } from './loosening/executeVerb.ts'
import { listVerb } from './loosening/listVerb.ts'
import { vetoVerb } from './loosening/vetoVerb.ts'

/** `ballast loosening`: what waits to become looser. */
export function looseningNoun(terminal: Terminal): Command {
  return defineNoun('loosening', 'loosenings that wait for their veto window: see, veto and execute them', [
    listVerb(terminal),
    vetoVerb(terminal),
    executeVerb(terminal),
  ])
}
