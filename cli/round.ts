import type { Command } from 'commander'
import { defineNoun } from './kit/defineCommand.ts'
import type { Terminal } from './kit/Terminal.ts'
import { cosignVerb } from './round/cosignVerb.ts'
import { listVerb } from './round/listVerb.ts'

/** `ballast round`: rounds of engines that wait for a steward. */
export function roundNoun(terminal: Terminal): Command {
  return defineNoun('round', 'rounds that wait for a steward: see, check and co-sign them', [listVerb(terminal), cosignVerb(terminal)])
}
