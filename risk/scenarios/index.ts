export { type ScanCell, scanCells, type VolState } from './scanCells.ts'
export { FAR_POINTS, SCAN_POINTS, type ScanSpot, scanSpots } from './scanSpots.ts'
export { volShockScale, volStates } from './volStates.ts'
