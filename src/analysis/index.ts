/**
 * What can be asked of a book and a market: cascades, response, loop gain, and the closed forms
 * beside them.
 */

export { spectralRadius } from '../math/eigen.ts'
export { type Attribution, attribute } from './attribution.ts'
export {
  type Barrier,
  expectedBadDebt,
  hitProbability,
  hitProbabilityDiscrete,
  latencyInsolvency,
} from './barrier.ts'
export { bracket } from './bracket.ts'
export { type Cascade, cascade, shock } from './cascade.ts'
export { cashCurve } from './cashCurve.ts'
export { cobwebMap, type FixedPoint, fixedPoints, mapAt, type StepMap } from './cobwebMap.ts'
export {
  clearingPrice,
  type SaleColumns,
  saleColumns,
  slowDescent,
  slowDescentAt,
  type WalkEnd,
  walkAtTrigger,
  walkWorstFirst,
} from './columnWalk.ts'
export {
  continuumCascade,
  criticalShock,
  type Density,
  densityGain,
  gainAt,
  unitsTriggered,
} from './continuum.ts'
export { depthTable, maxProfitableUsd, unitsToDrop } from './depth.ts'
export {
  almgrenChriss,
  blockCost,
  obizhaevaWang,
  obizhaevaWangContinuous,
  type SaleSchedule,
  type SaleTerms,
  twoStepLiquidation,
} from './execution.ts'
export { type GainMatrix, gainMatrix, type JointGain, jointGain } from './gainMatrix.ts'
export { gainNow, type Headline, headline } from './headline.ts'
export { type Ladder, ladderFrom } from './ladder.ts'
export {
  amplificationFromGain,
  gainPeak,
  gainProfile,
  type LoopGain,
  loopGain,
  typicalSaleDrop,
} from './loopGain.ts'
export { type MarginMarket, type MarginSpiral, marginSpiral } from './marginSpiral.ts'
export { backstopFor, mitigatedGain, withdrawalCritical, withdrawalDrop } from './mitigation.ts'
export { type Portfolios, type Vulnerability, vulnerability } from './overlap.ts'
export {
  healthFactorFor,
  jumpFrontier,
  jumpLoss,
  liquidationPrice,
  repayToTarget,
  stepsMax,
  targetStepsMax,
  toxicLtv,
  toxicSpiral,
} from './position.ts'
export {
  greatestCascade,
  leastCascade,
  type Record,
  type ResponseCurve,
  records,
  responseCurve,
} from './responseCurve.ts'
export { type Bench, benchOf, dropCurve, firstRound, ignitionDrop, simulate } from './simulate.ts'
export { type Prepared, prepare, triggerPrice } from './triggers.ts'
export type { CascadeOptions, Trace } from './walk.ts'
export { type WorldLadder, worldColumns, worldLadder } from './worldLadder.ts'
