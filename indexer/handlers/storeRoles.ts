import { riskParametersAbi } from '../../chain/generated/index.ts'
import { changeRole } from './changeRole.ts'
import { defineHandlers } from './Handler.ts'

/** Roles on the parameter store. Its OpenZeppelin events say the same again and are not read. */
export const storeRoleChanges = defineHandlers('store', riskParametersAbi, {
  RoleChanged: ({ role, account, granted, caller }, event, context) => changeRole(context, event, role, account, granted, caller),
})
