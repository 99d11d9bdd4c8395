export { type ApplyClearingOptions, applyClearing } from './applyClearing.ts'
export { type AppliedDeployment, type ApplyOptions, applyDeployment, catalogueHash } from './applyDeployment.ts'
export { readArtifact } from './artifacts.ts'
export { type ClearingSettings, defaultClearingSettings } from './clearingModule.ts'
export { DeploymentFailedError, RolesNotHandedOverError } from './errors.ts'
export { parseDeployment } from './parseDeployment.ts'
export { type DeploymentPlan, planDeployment } from './planDeployment.ts'
export { type RoleCheck, readRoleChecks } from './readRoleChecks.ts'
export { describeSettings, formatDuration, type SettingLine } from './settingLines.ts'
export {
  type DeploymentSettings,
  defaultGovernance,
  defaultProtocolSettings,
  type ExistingGovernance,
  type NewGovernance,
  type ProtocolSettings,
} from './settings.ts'
export { type DeploymentCheck, verifyDeployment } from './verifyDeployment.ts'
