/** What holds a cascade back, one factory each. */

export { breaker } from './breaker.ts'
export { speedLimit } from './speedLimit.ts'
