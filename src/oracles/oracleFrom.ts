/** From parameters to a feed. The only file that knows all models. */

import type { Oracle } from '../oracle.ts'
import type { OracleSpec } from '../scenario.ts'
import { capped } from './capped.ts'
import { confident } from './confident.ts'
import { ema } from './ema.ts'
import { mark } from './mark.ts'
import type { OracleOpening } from './opening.ts'
import { pushed } from './pushed.ts'
import { securityModule } from './securityModule.ts'
import { spot } from './spot.ts'
import { twap } from './twap.ts'

/**
 * Builds the feed that a scenario describes; a cap builds the feed beneath it first.
 *
 * Throws: InputError FB2401 to FB2409
 */
export const oracleFrom = (spec: OracleSpec, opening: OracleOpening): Oracle => {
  switch (spec.kind) {
    case 'spot':
      return spot(spec, opening)
    case 'pushed':
      return pushed(spec, opening)
    case 'securityModule':
      return securityModule(spec, opening)
    case 'twap':
      return twap(spec, opening)
    case 'ema':
      return ema(spec, opening)
    case 'confident':
      return confident(spec, opening)
    case 'mark':
      return mark(spec, opening)
    case 'capped':
      return capped(spec, opening, oracleFrom(spec.under, opening))
  }
}
