import { timelockAbi } from '../../chain/generated/index.ts'
import { changeRole } from './changeRole.ts'
import { defineHandlers } from './Handler.ts'

/** Roles on the timelock. */
export const timelockRoleChanges = defineHandlers('timelock', timelockAbi, {
  RoleGranted: ({ role, account, sender }, event, context) => changeRole(context, event, role, account, true, sender),
  RoleRevoked: ({ role, account, sender }, event, context) => changeRole(context, event, role, account, false, sender),
})
