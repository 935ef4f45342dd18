/** Places where an asset is sold, one factory each. */

export { concentrated, rangesFromTicks } from './concentrated.ts'
export { constantProduct } from './constantProduct.ts'
export { impactCurve } from './impactCurve.ts'
export { orderBook } from './orderBook.ts'
export { poolShare } from './poolShare.ts'
export { quoteLadder } from './quoteLadder.ts'
export { redemption } from './redemption.ts'
export { stableInvariant, stablePrice, stableSwap } from './stableSwap.ts'
