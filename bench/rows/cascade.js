/** The response curve: prepared once, then asked for shocks; and the worst-first walk for sizes that depend on the price. */

import { saleColumns, walkWorstFirst } from '../../dist/analysis/columnWalk.js'
import { ladderFrom } from '../../dist/analysis/ladder.js'
import { leastCascade, responseCurve } from '../../dist/analysis/responseCurve.js'
import { fallingBook, OPENING, outsidePrices } from '../data.js'
import { interleave, missing, part, same, timed } from '../measure.js'
import { references } from '../references.js'
import { poolCurve } from './pool.js'

const SHOCKS = 1000
/** The quadratic cascade takes a pass over the book per round: it answers a few of the shocks only. */
const NAIVE_SHOCKS = 6

export async function cascade(size) {
  const { trigger, units, cash, reserve } = fallingBook(size)
  const curve = poolCurve(reserve)
  const outside = outsidePrices(SHOCKS)
  const columns = saleColumns({ trigger, collateral: units, cash, debt: cash })
  const deep = shockThatWalks(columns, curve, size / 2)
  const { c, numpy, close } = references({
    'trigger.f64': trigger,
    'units.f64': units,
    'collateral.f64': units,
    'cash.f64': cash,
    'pool.f64': Float64Array.of(OPENING * reserve * reserve),
    'outside.f64': outside,
  })
  try {
    const ours = { prepared: responseCurve(ladderFrom(trigger, units), curve) }
    const contestants = {
      prepare: () =>
        timed(() => {
          ours.prepared = responseCurve(ladderFrom(trigger, units), curve)
        }),
      shock: () =>
        timed(() => outside.reduce((sum, x) => sum + leastCascade(ours.prepared, x), 0), 5),
      walk: () => timed(() => walkWorstFirst(columns, curve, deep), 2),
    }
    if (numpy.ask) {
      contestants.numpyPrepare = () => numpy.ask('prepare 1')
      contestants.numpyShocks = () => numpy.ask('shocks 1')
    }
    if (c.ask) {
      contestants.cRounds = () => naiveShocks(c, outside.subarray(0, NAIVE_SHOCKS))
      contestants.cWalk = () => c.ask(`walk ${deep}`)
    }
    const best = await interleave(contestants)
    return [...times(best), ...checks(ours.prepared, outside, best, { c, numpy })]
  } finally {
    close()
  }
}

function times(best) {
  const { prepare, shock, walk, numpyPrepare, numpyShocks, cRounds, cWalk } = best
  const each = (ms, count) => (ms === undefined ? undefined : (ms * 1000) / count)
  const value = each(shock.ms, SHOCKS)
  const walked = `worst-first walk of ${walk.answer.count} accounts`
  const half = { value: walk.ms, unit: 'ms', budget: 30 }
  return [
    part({
      name: 'prepare (sort, both arrays) beside numpy',
      value: prepare.ms,
      unit: 'ms',
      reference: numpyPrepare?.ms,
      budget: 250,
    }),
    part({
      name: 'each shock beside the quadratic cascade in C',
      value,
      unit: 'us',
      reference: each(cRounds?.ms, NAIVE_SHOCKS),
      budget: 1,
    }),
    part({
      name: 'each shock beside rounds on sorted sums in numpy',
      value,
      unit: 'us',
      reference: each(numpyShocks?.ms, SHOCKS),
    }),
    part({ name: `${walked} beside C`, reference: cWalk?.ms, ...half }),
  ]
}

function checks(prepared, outside, best, { c, numpy }) {
  const { curve, ladder } = prepared
  const counts = Array.from(outside, (x) => leastCascade(prepared, x))
  const prices = counts.map((k, i) => curve.price(outside[i], ladder.sold[k]))
  const total = (column) => column.reduce((sum, x) => sum + x, 0)
  const few = (column) => total(column.slice(0, NAIVE_SHOCKS))
  return [
    ...agree('shocks', 'rounds in numpy', numpy, best.numpyShocks, [total(counts), total(prices)]),
    ...agree('shocks', 'quadratic C', c, best.cRounds, [few(counts), few(prices)]),
    ...agree('walk', 'C', c, best.cWalk, [best.walk.answer.count, best.walk.answer.price]),
  ]
}

function agree(what, whose, reference, theirs, [count, price]) {
  const title = `accounts taken by ${what}, same in ${whose}`
  if (reference.missing) return [missing(title, 'accounts', count, reference.missing)]
  return [
    same(title, 'accounts', count, theirs.answer[0]),
    same(`end price of ${what}, same in ${whose}`, 'USD', price, theirs.answer[1]),
  ]
}

/** The mildest outside price, to a millionth, whose walk takes at least so many accounts: the walk is monotone. */
function shockThatWalks(columns, curve, accounts) {
  let high = OPENING
  let low = OPENING / 4
  while (high - low > OPENING * 1e-6) {
    const middle = (low + high) / 2
    if (walkWorstFirst(columns, curve, middle).count >= accounts) low = middle
    else high = middle
  }
  return low
}

async function naiveShocks(c, outside) {
  let ms = 0
  let count = 0
  let price = 0
  for (const x of outside) {
    const one = await c.ask(`rounds ${x}`)
    ms += one.ms
    count += one.answer[0]
    price += one.answer[1]
  }
  return { ms, answer: [count, price] }
}
