import { guardianTermAbi } from '../../chain/generated/index.ts'
import { guardianTermEntity } from '../entities/index.ts'
import { defineHandlers } from './Handler.ts'

/** Appointments of the guardian. */
export const guardianTerms = defineHandlers('module', guardianTermAbi, {
  GuardianAppointed({ guardian, until }, event, { rows }) {
    for (const term of rows.find(guardianTermEntity, { inForce: true })) rows.update(guardianTermEntity, term.position, { inForce: false })
    rows.insert(guardianTermEntity, event, { link: event.link, guardian, until, inForce: true })
  },
})
