/** How prices, gas and depth run over time, one factory each. */

export { YEAR_SECONDS } from '../moment.ts'
export { type BootstrapSpec, bootstrap } from './bootstrap.ts'
export { correlationFactor } from './correlation.ts'
export { type Course, DRAWS_PER_COURSE, type Grid, type Noise } from './course.ts'
export { type GarchSpec, garch } from './garch.ts'
export { type GbmSpec, gbm } from './gbm.ts'
export { type JumpDiffusionSpec, jumpDiffusion } from './jumpDiffusion.ts'
export { type RampSpec, ramp } from './ramp.ts'
export {
  DEPTH_STREAM,
  GAS_STREAM,
  noiseAt,
  type PathSampler,
  type Paths,
  PRICE_STREAM,
  pathSampler,
  pathsFor,
  sampleCourse,
  samplePaths,
} from './sample.ts'
export { type StepSpec, step } from './step.ts'
export { type WaypointsSpec, waypoints } from './waypoints.ts'
