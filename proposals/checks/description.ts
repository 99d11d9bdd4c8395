import { getAddress, isAddress } from 'viem'
import { inspectText, textFaultNames } from '../text/index.ts'
import type { Check } from './Check.ts'

const guardAtEnd = /#proposer=(0x[0-9a-fA-F]{40})$/

/** The text is what it looks like, says what is done, and is guarded against being submitted by somebody else. */
export const description: Check = {
  name: 'description',
  title: 'The description has a title, deceives nobody, and names its proposer.',
  check: ({ proposal, draft, simulation }) => {
    const text = proposal.description
    const [first = ''] = text.split('\n')
    const guard = guardAtEnd.exec(text)?.[1]
    const faults = inspectText(text).map(({ kind, found, line }) => `Line ${line} holds ${textFaultNames[kind]}: ${found}.`)
    const isTitle = /^# \S/.test(first)
    return {
      info: guard === undefined ? [] : [`Only ${guard} can submit it.`],
      warnings: [
        ...(guard === undefined && simulation.from === 'draft'
          ? ['It does not end with #proposer=0x...: anyone who sees it first can submit it and, before voting begins, cancel it.']
          : []),
        // A text that is on chain already can only be shown safely; reports neutralise it.
        ...(draft === null ? faults : []),
        ...(/#proposer=/.test(text) && guard === undefined
          ? ['#proposer= stands in the text, but not at its very end: the Governor does not read it.']
          : []),
      ],
      errors: [
        ...(isTitle ? [] : [`The first line is ${JSON.stringify(first.slice(0, 80))}; it must be a title, # and a text.`]),
        ...(text.trim().length < first.trim().length + 10 ? ['It has no text besides its title.'] : []),
        ...(draft === null ? [] : faults),
        ...(guard !== undefined && !isAddress(guard, { strict: /[a-f]/.test(guard.slice(2)) && /[A-F]/.test(guard.slice(2)) })
          ? [`The checksum of the proposer ${guard} is wrong.`]
          : []),
        ...(draft?.proposer != null && guard !== undefined && isAddress(guard) && getAddress(guard) !== draft.proposer
          ? [`It is reserved for ${guard}; the draft names ${draft.proposer}.`]
          : []),
      ],
    }
  },
}
