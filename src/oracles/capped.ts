/** A feed with a ceiling that grows: Aave's correlated-assets price oracle, CAPO. */

import { YEAR_SECONDS } from '../moment.ts'
import type { Oracle } from '../oracle.ts'
import { type Feed, stateOf } from './feed.ts'
import type { OracleOpening, SpecOf } from './opening.ts'
import { checkDelay, checkOpening, checkPositive, checkRatio } from './terms.ts'

/**
 * A cap on another feed.
 *
 * | native word                   | here                              |
 * | ----------------------------- | --------------------------------- |
 * | snapshotRatio                 | `snapshotRatio`                   |
 * | snapshotTimestamp             | opening - `snapshotAgeSeconds`    |
 * | maxYearlyRatioGrowthPercent   | `growthPerYear`, as a fraction    |
 *
 * Rule:       price = min(under, cap(t)), cap(t) = snapshotRatio x (1 + growthPerYear x (t +
 *             snapshotAgeSeconds) / 31536000), t seconds since the opening. Linear, not compound.
 * Units:      `snapshotRatio` in the unit of the feed beneath: another asset per unit where that
 *             is a ratio, USD per unit where it is a price. growthPerYear 0 is the fixed cap of
 *             stable coins. 1.2 at 9.68 % a year gives 1.209547 after 30 days.
 * Source:     bgd-labs/aave-capo src/contracts/PriceCapAdapterBase.sol, PriceCapAdapterStable.sol,
 *             commit 2c280ef9.
 * Simplifies: the contract rounds the growth of a second to a whole number; it is exact here.
 * Assumes:    nobody updates the snapshot during the run. The cap holds inflated collateral down;
 *             it stops no fall. Where the cap is below the market at the opening, the feed opens at
 *             the cap: that is what a wrong snapshot does.
 * Throws:     InputError FB2401, FB2402, FB2405
 */
export function capped(spec: SpecOf<'capped'>, opening: OracleOpening, under: Oracle): Oracle {
  checkOpening(opening)
  checkRatio(spec.growthPerYear, 'oracle.growthPerYear')
  checkPositive(spec.snapshotRatio, 'oracle.snapshotRatio', 'the snapshot of a ratio')
  checkDelay(spec.snapshotAgeSeconds, 'oracle.snapshotAgeSeconds')
  return withState(spec, { now: Float64Array.of(0), under })
}

interface State {
  readonly now: Float64Array
  readonly under: Oracle
}

const AT_SECONDS = 0

function withState(spec: SpecOf<'capped'>, state: State): Feed<State> {
  const { now, under } = state
  const cap = (): number => {
    const years = (now[AT_SECONDS] + spec.snapshotAgeSeconds) / YEAR_SECONDS
    return spec.snapshotRatio * (1 + spec.growthPerYear * years)
  }
  return {
    kind: 'capped',
    follows: under.follows,
    state,
    observe(at, market, outside) {
      now[AT_SECONDS] = at.atSeconds
      under.observe(at, market, outside)
    },
    price: () => Math.min(under.price(), cap()),
    confidence: () => under.confidence(),
    valid: () => under.valid(),
    seenAt: () => under.seenAt(),
    copy: () => withState(spec, { now: now.slice(), under: under.copy() }),
    reset(from) {
      const other = stateOf<State>(from, 'capped')
      now.set(other.now)
      under.reset(other.under)
    },
  }
}
