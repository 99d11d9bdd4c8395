export { admitCollateral } from './admitCollateral.ts'
export { assetFloor, assetValue } from './assetValue.ts'
export { nodeCut } from './nodeCut.ts'
