export { type CascadeResult, type CascadeRound, type CascadeSettings, simulateCascade } from './simulateCascade.ts'
