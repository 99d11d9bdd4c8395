import type { Command } from 'commander'
import { defineNoun } from './kit/defineCommand.ts'
import type { Terminal } from './kit/Terminal.ts'
import { draftVerb } from './proposal/draftVerb.ts'
import { checkVerb, reportVerb, simulateVerb } from './proposal/examineVerbs.ts'
import { decodeVerb, listVerb, showVerb } from './proposal/readVerbs.ts'
import { stepVerbs } from './proposal/stepVerbs.ts'
import { submitVerb } from './proposal/submitVerb.ts'
import { voteVerb } from './proposal/voteVerb.ts'

/** `ballast proposal`: from a few lines in human units to an executed vote. */
export function proposalNoun(terminal: Terminal): Command {
  return defineNoun('proposal', 'draft, check, simulate, report, submit, vote, queue and execute proposals', [
    draftVerb(terminal),
    checkVerb(terminal),
    simulateVerb(terminal),
    reportVerb(terminal),
    submitVerb(terminal),
    voteVerb(terminal),
    ...stepVerbs(terminal),
    listVerb(terminal),
    showVerb(terminal),
    decodeVerb(terminal),
  ])
}
