/** How prices form around sales: what decays, what stays, and what makers and arbitrageurs do. */

import { assert, InputError } from './errors.ts'
import type { Market } from './market.ts'
import { log, pow } from './math/exponential.ts'
import { lastReaching } from './math/lastReaching.ts'
import { type Moment, YEAR_SECONDS } from './moment.ts'
import { hopArbitrage, hopMid } from './router.ts'
import type { FormationSpec } from './scenario.ts'
import type { Venue } from './venue.ts'

/**
 * The memory of prices between blocks.
 *
 * Units: outside prices as in `Market`: in what the asset's first hop pays in.
 * Law:   without sales every price is the outside price, to the last bit. `copy` and `reset` carry
 *        all of the state but the venues', which the market carries.
 */
export interface Formation {
  /**
   * Opens a block: venues recover, the outside prices move to `outside` x permanent, arbitrage
   * passes between the venues of an asset, and makers set the depth. `depth` is the factor of its
   * course.
   */
  open(market: Market, at: Moment, outside: Float64Array, depth: number): void
  /** Factor of an asset's outside price that sales left for good; 1 at the opening. */
  permanent(asset: number): number
  /** Factor of a venue's depth now; 1 at the opening. */
  depth(venue: number): number
  copy(): Formation
  reset(from: Formation): void
}

/** The drop over which depth is read for the permanent part. */
const PERMANENT_BAND = 0.02

/** No sale takes an outside price below this part of itself for good. */
const PERMANENT_MIN = 1e-9

/** A record and the outside price that explains it differ by at most this factor. */
const INFERRED_MAX = 1024

/**
 * The formation of a market that nobody has sold in.
 *
 * Rule:       fresh = a venue's displacement less what stood right after the last `open`. Share x
 *             fresh units of it are permanent: the outside price is multiplied by (1 - 2 %) ^
 *             (those units / the units that the venues of the asset absorb over the first 2 %), so
 *             the permanent impact is linear in units and does not depend on how they were sliced.
 *             The other units are multiplied by 2^(-seconds / half-life), and then lose what is
 *             refilled in that time, down to 0. Differences between
 *             venues shrink by 2^(-seconds / arbitrageSeconds).
 *             Depth = course x makers. Makers: realised variance is the exponentially weighted
 *             mean of (log return)^2 / seconds of the mid that stands when blocks open, per year of
 *             365 days, calm at the opening; where it is above calm^2 they leave (calm / realised)
 *             ^ power, at least the floor. They leave at once and come back by half-lives.
 * Assumes:    displaced units, not displaced prices, decay. Makers of all venues of an asset act as
 *             one.
 * Simplifies: what moves inside a block is no return, but for the part of it that stands when the
 *             next one opens. A mid of 0 has no return. Where the first 2 % hold no bids, the
 *             band is doubled until it holds some.
 * Source:     linear permanent impact: G. Huberman, W. Stanzl, Price manipulation and
 *             quasi-arbitrage, Econometrica 72, 2004; depth withdrawal as in `FormationSpec`.
 * Throws:     InputError FB2451
 */
export function formationFrom(spec: FormationSpec, market: Market): Formation {
  checkSpec(spec, market)
  const state = new Float64Array(2 * market.venues.length + 4 * market.assets.length)
  const columns = columnsOf(state, market)
  columns.depth.fill(1)
  columns.permanent.fill(1)
  columns.makers.fill(1)
  const calm = spec.withdrawal?.calmVolatility ?? 0
  columns.variance.fill(calm * calm)
  market.venues.forEach((venue, v) => {
    columns.held[v] = venue.forced()
  })
  hopsOf(market).forEach((hop, asset) => {
    columns.seen[asset] = hopMid(hop)
  })
  return withState(spec, market, state)
}

/**
 * Writes the outside prices with which the next `open` at this moment will make the mids of the
 * first hops those of the record; an asset without one (NaN) keeps its given price. Market and
 * formation stay as they are; depth moves no mid.
 *
 * Rule:  the displacement that will stand then is known, since recovery does not look at the new
 *        price; what is left is a search for the price beneath it.
 * Shape: where no outside price makes the record (a venue sold out to its wall), the record itself
 *        is written; where mids are steps (a book), the highest price with a mid up to the record.
 */
export function inferOutside(
  formation: Formation,
  market: Market,
  at: Moment,
  record: Float64Array,
  outside: Float64Array,
): void {
  assert('infer' in formation, 'outside prices are inferred with a formation of formationFrom')
  ;(formation as StatefulFormation).infer(market, at, record, outside)
}

interface StatefulFormation extends Formation {
  readonly state: Float64Array
  infer(market: Market, at: Moment, record: Float64Array, outside: Float64Array): void
  /** Recovery of an asset's venues, the first part of `open`. */
  recover(market: Market, at: Moment, asset: number): void
}

/** The parts of the state, each a view of it. */
interface Columns {
  /** By venue: displacement right after the last `open`; factor of depth. */
  readonly held: Float64Array
  readonly depth: Float64Array
  /** By asset: permanent factor; variance per year; what makers leave; mid at the last `open`. */
  readonly permanent: Float64Array
  readonly variance: Float64Array
  readonly makers: Float64Array
  readonly seen: Float64Array
}

function columnsOf(state: Float64Array, { venues, assets }: Market): Columns {
  const start = 2 * venues.length
  const ofAssets = (k: number): Float64Array =>
    state.subarray(start + k * assets.length, start + (k + 1) * assets.length)
  return {
    held: state.subarray(0, venues.length),
    depth: state.subarray(venues.length, start),
    permanent: ofAssets(0),
    variance: ofAssets(1),
    makers: ofAssets(2),
    seen: ofAssets(3),
  }
}

function hopsOf(market: Market): readonly (readonly Venue[])[] {
  return market.hop.map((indices) => indices.map((index) => market.venues[index]))
}

function withState(spec: FormationSpec, opening: Market, state: Float64Array): StatefulFormation {
  const columns = columnsOf(state, opening)
  const { held, depth, permanent } = columns
  const share = (hop: readonly Venue[], seconds: number): void => {
    if (hop.length > 1 && spec.arbitrageSeconds < Number.POSITIVE_INFINITY)
      arbitrage(hop, remaining(seconds, spec.arbitrageSeconds))
  }
  const arbitrage = hopArbitrage()
  const recoverHop = recovery(spec, columns)
  let market = opening
  let hops = hopsOf(opening)
  let inference: Inference | null = null

  function bind(to: Market): void {
    if (to === market) return
    market = to
    hops = hopsOf(to)
  }

  const formation: StatefulFormation = {
    state,
    open(to, at, outside, course) {
      bind(to)
      for (let asset = 0; asset < hops.length; asset++) {
        if (asset === market.cash) continue
        const hop = hops[asset]
        const indices = market.hop[asset]
        recoverHop(asset, hop, indices, at.seconds)
        const price = outside[asset] * permanent[asset]
        if (price !== market.outside(asset)) market.move(asset, price)
        if (hop.length === 0) continue
        share(hop, at.seconds)
        if (spec.withdrawal !== null)
          watch(spec.withdrawal, columns, asset, hopMid(hop), at.seconds)
        const factor = course * columns.makers[asset]
        for (let k = 0; k < hop.length; k++) {
          const v = indices[k]
          if (factor !== depth[v]) hop[k].deepen(factor)
          depth[v] = factor
          held[v] = hop[k].forced()
        }
      }
    },
    permanent: (asset) => permanent[asset],
    depth: (venue) => depth[venue],
    recover(to, at, asset) {
      bind(to)
      recoverHop(asset, hops[asset], market.hop[asset], at.seconds)
    },
    infer(from, at, record, outside) {
      inference ??= inferenceOf(from.copy(), withState(spec, from, state.slice()), share)
      inference(from, formation, at, record, outside)
    },
    copy: () => withState(spec, market, state.slice()),
    reset(from) {
      assert('state' in from, 'a formation resets from its own copies')
      state.set((from as StatefulFormation).state)
    },
  }
  return formation
}

/** Takes the permanent part out of the last block's sales, and lets the rest decay. */
function recovery(
  spec: FormationSpec,
  { held, depth, permanent }: Columns,
): (asset: number, hop: readonly Venue[], indices: readonly number[], seconds: number) => void {
  const refill = spec.refillPerSecond ?? []
  // Blocks are equally long: what is left of a displacement is worked out once.
  const left = new Float64Array(spec.halfLifeSeconds.length)
  let leftAfter = Number.NaN
  return (asset, hop, indices, seconds) => {
    if (seconds !== leftAfter) {
      for (let v = 0; v < left.length; v++) left[v] = remaining(seconds, spec.halfLifeSeconds[v])
      leftAfter = seconds
    }
    let lasting = 0
    for (let k = 0; k < hop.length; k++) {
      const venue = hop[k]
      const v = indices[k]
      let units = venue.forced()
      const fresh = spec.permanentShare[v] * (units - held[v])
      lasting += fresh
      // Nobody trades at a depth of 0, but what stands there recovers too.
      if (depth[v] === 0) {
        depth[v] = 1
        venue.deepen(1)
        units = venue.forced()
      }
      if (units === 0 && fresh === 0) continue
      const kept = (units - fresh) * left[v]
      venue.force(refill[v] > 0 ? refilled(kept, refill[v] * seconds) : kept)
    }
    if (lasting !== 0)
      permanent[asset] = Math.max(PERMANENT_MIN, permanent[asset] * lastingMove(hop, lasting))
  }
}

/** What is left of a displacement after so many units have come back. */
function refilled(units: number, back: number): number {
  return units > 0 ? Math.max(0, units - back) : Math.min(0, units + back)
}

/** The factor on the outside price that so many units leave for good. */
function lastingMove(hop: readonly Venue[], units: number): number {
  for (let band = PERMANENT_BAND; band < 1; band *= 2) {
    let absorbed = 0
    for (let k = 0; k < hop.length; k++) absorbed += atRest(hop[k], band)
    if (absorbed === Number.POSITIVE_INFINITY) return 1
    if (absorbed > 0) return pow(1 - band, units / absorbed)
  }
  return 1
}

/** Units that a venue absorbs over a drop from its outside price. */
function atRest(venue: Venue, drop: number): number {
  const units = venue.forced()
  venue.force(0)
  const absorbed = venue.capacity(venue.outside() * (1 - drop))
  venue.force(units)
  return absorbed
}

/** What is left of a displacement after a time. */
function remaining(seconds: number, halfLifeSeconds: number): number {
  if (seconds === 0 || halfLifeSeconds === Number.POSITIVE_INFINITY) return 1
  return halfLifeSeconds === 0 ? 0 : pow(2, -seconds / halfLifeSeconds)
}

/** Makers see the mid with which a block opens: they leave at once, and come back slowly. */
function watch(
  spec: NonNullable<FormationSpec['withdrawal']>,
  { variance, makers, seen }: Columns,
  asset: number,
  mid: number,
  seconds: number,
): void {
  if (mid > 0 && seconds > 0) {
    const move = log(mid / seen[asset])
    const sample = (move * move * YEAR_SECONDS) / seconds
    variance[asset] += (sample - variance[asset]) * (1 - remaining(seconds, spec.halfLifeSeconds))
    seen[asset] = mid
  }
  const calm = (spec.calmVolatility * spec.calmVolatility) / variance[asset]
  const left = calm < 1 ? Math.max(spec.floor, pow(calm, spec.power / 2)) : 1
  if (left <= makers[asset]) makers[asset] = left
  else makers[asset] = left + (makers[asset] - left) * remaining(seconds, spec.refillSeconds)
}

type Inference = (
  market: Market,
  formation: StatefulFormation,
  at: Moment,
  record: Float64Array,
  outside: Float64Array,
) => void

/** The search of `inferOutside`, on a market and a formation of its own, reused between blocks. */
function inferenceOf(
  market: Market,
  formation: StatefulFormation,
  share: (hop: readonly Venue[], seconds: number) => void,
): Inference {
  const hops = hopsOf(market)
  const units: number[] = []
  const search = { low: 0, high: 0, from: 0, slope: 1 }
  let asset = 0
  let seconds = 0

  /** The mid turned down, so that it falls as the outside price rises. */
  function fallingMid(outside: number): number {
    const hop = hops[asset]
    market.move(asset, outside)
    for (let k = 0; k < hop.length; k++) hop[k].force(units[k])
    share(hop, seconds)
    return -hopMid(hop)
  }

  /** The outside price of the asset's venues at which the mid is the wanted one. */
  function beneath(mid: number): number {
    const hop = hops[asset]
    let isDisplaced = false
    for (let k = 0; k < hop.length; k++) {
      units[k] = hop[k].forced()
      isDisplaced ||= units[k] !== 0
    }
    if (!isDisplaced) return mid
    const guess = (mid * market.outside(asset)) / hopMid(hop)
    search.low = mid / INFERRED_MAX
    search.high = mid * INFERRED_MAX
    search.from = Math.max(search.low, Math.min(search.high, guess))
    if (fallingMid(search.low) < -mid) return mid
    const found = lastReaching(fallingMid, -mid, search)
    return found < search.high ? found : mid
  }

  return (from, original, at, record, outside) => {
    market.reset(from)
    formation.reset(original)
    seconds = at.seconds
    for (asset = 0; asset < hops.length; asset++) {
      if (asset === market.cash || Number.isNaN(record[asset])) continue
      formation.recover(market, at, asset)
      outside[asset] = beneath(record[asset]) / formation.permanent(asset)
    }
  }
}

function checkSpec(spec: FormationSpec, { venues }: Market): void {
  const count = venues.length
  assert((spec.refillPerSecond?.length ?? count) === count, 'each venue has a refill, or none has')
  assert(spec.halfLifeSeconds.length === count, 'each venue has a half-life')
  assert(spec.permanentShare.length === count, 'each venue has a permanent share')
  for (let v = 0; v < count; v++) {
    const { name } = venues[v]
    checkRange(spec.halfLifeSeconds[v], Number.POSITIVE_INFINITY, `half-life of ${name}`)
    checkRange(spec.permanentShare[v], 1, `permanent share of ${name}`)
  }
  checkRange(spec.arbitrageSeconds, Number.POSITIVE_INFINITY, 'half-life of arbitrage')
  if (spec.withdrawal === null) return
  const { halfLifeSeconds, calmVolatility, power, floor, refillSeconds } = spec.withdrawal
  checkRange(halfLifeSeconds, Number.POSITIVE_INFINITY, 'half-life of the realised variance')
  checkRange(calmVolatility, Number.MAX_VALUE, 'calm volatility')
  checkRange(power, Number.MAX_VALUE, 'power of the withdrawal')
  checkRange(floor, 1, 'floor of the withdrawal')
  checkRange(refillSeconds, Number.POSITIVE_INFINITY, 'half-life of the refill')
}

function checkRange(value: number, most: number, what: string): void {
  if (value >= 0 && value <= most) return
  throw new InputError({
    code: 'FB2451',
    place: 'formation',
    rule: `the ${what} must be ${most === 1 ? 'from 0 to 1' : '0 or more'}`,
    came: String(value),
    remedy: 'Write shares as 25% and times in seconds',
  })
}
