/** The pool that the book of falling accounts is sold into. */

import { constantProduct } from '../../dist/venues/constantProduct.js'
import { OPENING } from '../data.js'

export function poolCurve(reserve) {
  return constantProduct({
    name: 'pool',
    base: 1,
    quoteAsset: 0,
    fee: 0,
    asOf: null,
    beyond: 'linear',
    outside: OPENING,
    reserve,
    keepsFee: false,
    reprice: 'arbitrage',
  }).curve
}
