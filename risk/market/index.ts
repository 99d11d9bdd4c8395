export { barFault } from './barFault.ts'
export { BAD_PRINT_FACTOR, type BarFrame, type BarInspection, inspectBars } from './inspectBars.ts'
export { BadRecordingError, type LineFault, parseBars, parseUtc, type Recording } from './parseBars.ts'
