export { type ImpliedVol, type ImpliedVolInputs, impliedVol } from './impliedVol.ts'
