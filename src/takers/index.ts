/** Whoever may take an offer, one factory each. */

export { liquidator } from './liquidator.ts'
