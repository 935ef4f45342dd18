/** Selling an inventory over time: the trajectory of Almgren and Chriss, and orders that follow. */

import { assert } from '../errors.ts'
import { exp, log } from '../math/exponential.ts'

/**
 * Share of an order that is still unsold.
 *
 * Rule:   sinh(urgency (T - t)) / sinh(urgency T); without urgency a straight line, 1 - t / T.
 * Units:  times in seconds since the order, urgency per second.
 * Shape:  1 at 0, exactly 0 from `horizon` on, never rising between.
 * Source: R. Almgren, N. Chriss, Optimal execution of portfolio transactions, Journal of Risk 3,
 *         2000.
 */
export function unsoldShare(elapsed: number, horizon: number, urgency: number): number {
  if (!(elapsed < horizon)) return 0
  if (elapsed <= 0) return 1
  if (urgency === 0) return (horizon - elapsed) / horizon
  return sinhRatio(urgency * (horizon - elapsed), urgency * horizon)
}

/** Returns sinh(a) / sinh(b) for 0 <= a <= b, b > 0, without overflow and without loss near 0. */
export function sinhRatio(a: number, b: number): number {
  return exp(a - b) * (decay(a) / decay(b))
}

/** Returns asinh(y) for y >= 0, to a relative 1e-14. */
export function asinh(y: number): number {
  if (y > SMALL) return log(y + Math.sqrt(1 + y * y))
  const s = y * y
  return y * (1 - s * (1 / 6 - s * (3 / 40 - s * (15 / 336 - s * (105 / 3456)))))
}

// Below this the logarithm of nearly 1 loses digits; the series is exact to the last bits.
const SMALL = 0.02

// 1 - e^(-2x) = 2 sinh(x) e^-x. Near 0 from the series of sinh, as 1 - e^(-2x) would cancel.
function decay(x: number): number {
  if (x > 0.5) return 1 - exp(-2 * x)
  const s = x * x
  const tail = 1 + (s / 72) * (1 + (s / 110) * (1 + s / 156))
  const series = 1 + (s / 6) * (1 + (s / 20) * (1 + (s / 42) * tail))
  return 2 * x * series * exp(-x)
}

/** Orders of several assets, each sold by its own trajectory. With state. */
export interface SaleOrders {
  /** Opens an order at this moment, or adds to one of the same moment. */
  open(asset: number, units: number, atSeconds: number): void
  /** Units that have come due since the last call. */
  due(asset: number, atSeconds: number): number
  /** Whether an order of the asset is not yet sold out. */
  isOpen(asset: number): boolean
  copy(): SaleOrders
  reset(from: SaleOrders): void
}

/** Orders of one asset that are kept apart. */
const ORDERS_MAX = 32

/**
 * No orders yet.
 *
 * Shape:      at most 32 orders of an asset are open. One more joins the two that lie nearest in
 *             time: they become one order with the earlier start, so that nothing is sold later
 *             than it should be.
 * Throws:     AssertionError if time runs backwards.
 */
export function saleOrders(assets: number, horizon: number, urgency: number): SaleOrders {
  return withState(
    { horizon, urgency },
    {
      count: new Uint32Array(assets),
      start: new Float64Array(assets * ORDERS_MAX),
      units: new Float64Array(assets * ORDERS_MAX),
      sold: new Float64Array(assets * ORDERS_MAX),
    },
  )
}

/** Columns of orders, `ORDERS_MAX` places for each asset, the oldest first. */
interface State {
  readonly count: Uint32Array
  readonly start: Float64Array
  readonly units: Float64Array
  readonly sold: Float64Array
}

interface StatefulOrders extends SaleOrders {
  readonly state: State
}

function withState(
  pace: { readonly horizon: number; readonly urgency: number },
  state: State,
): StatefulOrders {
  const { count, start, units, sold } = state
  return {
    state,
    open(asset, amount, atSeconds) {
      const first = asset * ORDERS_MAX
      const last = first + count[asset] - 1
      if (last >= first && start[last] === atSeconds) {
        units[last] += amount
        return
      }
      assert(last < first || start[last] < atSeconds, 'orders come in the order of time')
      if (count[asset] === ORDERS_MAX) joinNearest(state, asset)
      const place = first + count[asset]++
      start[place] = atSeconds
      units[place] = amount
      sold[place] = 0
    },
    due(asset, atSeconds) {
      const first = asset * ORDERS_MAX
      let sum = 0
      let done = 0
      for (let k = first; k < first + count[asset]; k++) {
        const left = unsoldShare(atSeconds - start[k], pace.horizon, pace.urgency)
        if (left === 0) done++
        const goal = units[k] * (1 - left)
        if (goal <= sold[k]) continue
        sum += goal - sold[k]
        sold[k] = goal
      }
      // Equal horizons: whatever is sold out is the oldest.
      for (; done > 0; done--) dropAt(state, asset, first)
      return sum
    },
    isOpen: (asset) => count[asset] > 0,
    copy: () =>
      withState(pace, {
        count: count.slice(),
        start: start.slice(),
        units: units.slice(),
        sold: sold.slice(),
      }),
    reset(from) {
      assert('state' in from, 'orders reset from their own copies')
      const other = (from as StatefulOrders).state
      count.set(other.count)
      start.set(other.start)
      units.set(other.units)
      sold.set(other.sold)
    },
  }
}

function joinNearest(state: State, asset: number): void {
  const { start, units, sold } = state
  const first = asset * ORDERS_MAX
  let nearest = first
  for (let k = first; k < first + ORDERS_MAX - 1; k++)
    if (start[k + 1] - start[k] < start[nearest + 1] - start[nearest]) nearest = k
  units[nearest] += units[nearest + 1]
  sold[nearest] += sold[nearest + 1]
  dropAt(state, asset, nearest + 1)
}

function dropAt({ count, start, units, sold }: State, asset: number, place: number): void {
  const end = asset * ORDERS_MAX + count[asset]
  start.copyWithin(place, place + 1, end)
  units.copyWithin(place, place + 1, end)
  sold.copyWithin(place, place + 1, end)
  count[asset]--
}
