import { FatalError } from '../../risk/errors/index.ts'
import type { RoleCheck } from './readRoleChecks.ts'

/** A deployment stopped; run it again after the cause is gone, it continues where it stopped. */
export class DeploymentFailedError extends FatalError {
  override readonly name = 'DeploymentFailedError'
  readonly context: { readonly detail: string }
  constructor(context: DeploymentFailedError['context'], options?: ErrorOptions) {
    super(`The deployment stopped. ${context.detail}`, options)
    this.context = context
  }
}

/** A role is not where it belongs: the deployment must not be used. */
export class RolesNotHandedOverError extends FatalError {
  override readonly name = 'RolesNotHandedOverError'
  readonly context: { readonly failed: readonly RoleCheck[] }
  constructor(context: RolesNotHandedOverError['context'], options?: ErrorOptions) {
    super(`Roles are not as they must be: ${context.failed.map(({ sentence }) => sentence).join('; ')}.`, options)
    this.context = context
  }
}
