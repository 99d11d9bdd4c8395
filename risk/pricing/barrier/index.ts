export type { BarrierKnock, DoubleBarrierInputs, SingleBarrierInputs } from './barrierInputs.ts'
export {
  type DiscreteBarrier,
  type DiscreteBarrierInputs,
  discreteBarrierLevel,
  discreteBarrierPrice,
} from './discreteBarrier.ts'
export { doubleBarrierGreeks, doubleBarrierPrice } from './doubleBarrier.ts'
export { type DoubleNoTouchInputs, doubleNoTouchGreeks, doubleNoTouchPrice } from './doubleNoTouch.ts'
export { barrierModels } from './models.ts'
export { singleBarrierGreeks, singleBarrierPrice } from './singleBarrier.ts'
