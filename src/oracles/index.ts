/** Price feeds, one factory each. */

export { capped } from './capped.ts'
export { confident } from './confident.ts'
export { ema } from './ema.ts'
export { mark } from './mark.ts'
export type { OracleOpening } from './opening.ts'
export { oracleFrom } from './oracleFrom.ts'
export { pushed } from './pushed.ts'
export { type SecurityModule, securityModule } from './securityModule.ts'
export { spot } from './spot.ts'
export { twap } from './twap.ts'
