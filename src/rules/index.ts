/** Liquidation rules, one factory each. */

export { aaveV2 } from './aaveV2.ts'
export { aaveV3 } from './aaveV3.ts'
export { lending } from './lending.ts'
export { makerFlip } from './makerFlip.ts'
export { stopOut } from './stopOut.ts'
