/** A perpetual exchange in a fall: closings, a fund that runs dry, and winners that are deleveraged. */

import { exp, log } from '../../dist/math/exponential.js'
import { randomAt } from '../../dist/math/random.js'
import { seed } from '../data.js'
import { live, proof, turnsOf } from '../loop.js'
import { interleave, part } from '../measure.js'

const MARKS = 120
const FALL = 0.26
const PRICE = 2000
const RATE = 0.004
const MARGIN_FROM = 0.01
const MARGIN_MEAN = 0.25
/** Accounts that the reference can bear: it looks at all of them for every loser. */
const REFERENCE_SIZE = 3000
const AGREE = 1e-9
/** More than usual: it reads more memory in less time than other rows, and others use that too. */
const MANY_TURNS = 12

export async function perps(size) {
  const small = Math.min(size, REFERENCE_SIZE)
  // Made once: what making them leaves behind would be collected while a run is timed.
  const falls = [size, 2 * size, small].map(fallOf)
  const [day, twice, own] = falls.map((fall) => turnsOf(() => live(fall)))
  const found = await interleave(
    {
      day: day.turn,
      twice: twice.turn,
      small: own.turn,
      naive: () => naive(accountsOf(small), small),
    },
    MANY_TURNS,
  )
  const { digest: _, ...answer } = found.naive.answer
  const books = state(small)
  const off = Object.keys(answer).map((name) => Math.abs(books[name] / answer[name] - 1))
  return [
    part({ name: '-26 % in 120 marks', value: found.day.ms, unit: 'ms', budget: 100 }),
    part({ name: 'its opening, before that', value: found.day.answer.opening, unit: 'ms' }),
    part({ name: 'closed', value: found.day.answer.settlements, unit: '' }),
    part({
      name: 'twice the book',
      value: found.twice.ms,
      unit: 'ms',
      reference: found.day.ms,
      budget: 2.3,
      bounds: 'ratio',
    }),
    part({
      name: `${small} accounts, against a look at all for every loser`,
      value: found.small.ms,
      unit: 'ms',
      reference: found.naive.ms,
      budget: 1,
      bounds: 'ratio',
    }),
    part({ name: 'its answer differs by', value: Math.max(...off), unit: '', budget: AGREE }),
    ...proof('fall', found.day, day),
  ]
}

let last = null

/** Closed, deleveraged and fund of the last small run. */
function state(small) {
  live(fallOf(small), (stage) => {
    last = stage
  })
  const { items, badDebt } = last.posts[0].protocol
  return {
    closed: last.tally.liquidations[0],
    fund: items.fund + 1,
    deleveragedUsd: items.deleveragedUsd,
    haircutUsd: items.haircutUsd + 1,
    lost: badDebt[0] + 1,
    mid: last.mids[1],
  }
}

/** Three longs to two shorts; margins from 2 % up, half of them below a fifth. */
function accountsOf(count) {
  const random = randomAt(seed, 5)
  return Array.from({ length: count }, (_, i) => {
    const units = 0.5 * exp(1.2 * random.normal(i, 0))
    const side = random.uniform(i, 1) < 0.6 ? 1 : -1
    const entry = PRICE * (1 + 0.02 * (random.uniform(i, 2) - 0.5))
    const margin = units * entry * (MARGIN_FROM - MARGIN_MEAN * log(random.uniform(i, 3)))
    return { units: side * units, entry, margin }
  })
}

const coefficientOf = (count) => 0.5 / count
const fundOf = (count) => 0.05 * count

/** The same strings for every book. */
function namesOf(count) {
  for (let i = names.length; i < count; i++) names.push(`trader ${i}`)
  return names.slice(0, count)
}

const names = []

function fallOf(count) {
  const accounts = accountsOf(count)
  const n = 2 * count
  const positions = {
    accounts: namesOf(count),
    account: Uint32Array.from({ length: n }, (_, k) => k >> 1),
    asset: Uint16Array.from({ length: n }, (_, k) => (k % 2 === 0 ? 1 : 0)),
    side: Int8Array.from({ length: n }, (_, k) =>
      k % 2 === 1 || accounts[k >> 1].units > 0 ? 1 : -1,
    ),
    group: new Uint16Array(n),
    amount: Float64Array.from({ length: n }, (_, k) =>
      k % 2 === 1 ? accounts[k >> 1].margin : Math.abs(accounts[k >> 1].units),
    ),
    own: {
      entry: Float64Array.from({ length: n }, (_, k) => (k % 2 === 0 ? accounts[k >> 1].entry : 0)),
    },
    synthetic: true,
    asOf: null,
  }
  return {
    name: 'perps',
    seed,
    asOf: null,
    assets: [
      { name: 'USD', price: 1, in: null },
      { name: 'ETH-PERP', price: PRICE, in: null },
    ],
    cash: 0,
    protocols: [{ name: 'exchange', rules: rulesOf(count), positions, oracles: [spot, spot] }],
    venues: [{ ...book, coefficient: coefficientOf(count) }],
    hop: [[], [0]],
    haircut: 0,
    liquidators: { disposal: 'all', buys: false },
    shock: { asset: 1, drop: 0 },
    time,
    order: 'batch',
    feedback: true,
    gainDrops: [0.05],
    ignitionTolerance: 0.01,
    warnings: [],
  }
}

const spot = { kind: 'spot' }
const book = {
  ...{ name: 'book', base: 1, quoteAsset: 0, outside: PRICE, fee: 0, asOf: null },
  ...{ beyond: 'linear', kind: 'impactCurve', shape: 'exponential', crossover: 0 },
  observedUnits: null,
}
const rulesOf = (count) => ({
  kind: 'perpetual',
  settlement: 0,
  markets: [{ asset: 1, tiers: [{ rate: RATE }], fundingRate: 0 }],
  collateral: [],
  ...{ liquidationFee: 0, leftover: 'fund', portion: 1, portionAboveUsd: 0, cooldownSeconds: 0 },
  fundUsd: fundOf(count),
  adl: { policy: 'queue', basis: 'notional', maxShare: 1 },
})
const time = {
  blocks: MARKS,
  chain: {
    ...{ blockSeconds: 3, gasLimit: Number.POSITIVE_INFINITY, demand: 0, priceSpread: 0 },
    ...{ feeMarket: 'first-price', gwei: 0, gasAsset: -1, gasTokenUsd: 0, failedGasShare: 0 },
  },
  prices: [{ asset: 1, courses: [{ kind: 'ramp', drop: FALL, fromSeconds: 0, toSeconds: 360 }] }],
  correlation: null,
  pricesAre: 'outside',
  gas: [],
  depth: [],
  formation: {
    halfLifeSeconds: [Number.POSITIVE_INFINITY],
    permanentShare: [0],
    arbitrageSeconds: Number.POSITIVE_INFINITY,
    withdrawal: null,
  },
  takers: [],
  generations: 8,
  path: 0,
}

/** The same fall, by looking at everybody at every mark and sorting all winners for every side. */
function naive(accounts, count) {
  const before = performance.now()
  const c = coefficientOf(count)
  let net = 0
  let fund = fundOf(count)
  let [closed, deleveragedUsd, haircutUsd, lost] = [0, 0, 0, 0]
  let exhausted = [false, false]
  const cash = accounts.map(({ units, entry, margin }) => margin - units * entry)
  const held = accounts.map(({ units }) => units)
  for (let mark = 1; mark <= MARKS; mark++) {
    const outside = PRICE * (1 - (FALL * mark) / MARKS)
    const price = outside * exp(-c * net)
    const equity = (i) => cash[i] + held[i] * price
    const due = []
    for (let i = 0; i < count; i++)
      if (held[i] !== 0 && equity(i) < RATE * Math.abs(held[i]) * price) due.push(i)
    const averageOf = (units) =>
      units === 0 ? price : (price * (1 - exp(-c * units))) / (c * units)
    const all = due.reduce((sum, i) => sum + held[i], 0)
    const expected = averageOf(all)
    let left = fund
    const sides = [[], []]
    const sold = []
    for (const i of due) {
      const after = equity(i) + held[i] * (expected - price)
      const side = held[i] > 0 ? 0 : 1
      if (after >= 0) sold.push(i)
      else if (-after <= left) {
        left += after
        sold.push(i)
      } else if (exhausted[side]) sold.push(i)
      else sides[side].push(i)
    }
    exhausted = [false, false]
    const isDue = new Set(due)
    sides.forEach((losers, side) => {
      if (losers.length === 0) return
      const need = losers.reduce((sum, i) => sum + Math.abs(held[i]), 0)
      const bankruptcy = losers.map((i) => price - equity(i) / held[i])
      const value = losers.reduce((sum, i, k) => sum + Math.abs(held[i]) * bankruptcy[k], 0)
      const at = value / need
      const gap = side === 0 ? at - price : price - at
      let got = 0
      for (const _ of losers) {
        // One look at everybody for each loser: what the engine must not do.
        const winners = []
        for (let i = 0; i < count; i++) {
          const profit = held[i] * (price - accounts[i].entry)
          if (isDue.has(i) || held[i] * (side === 0 ? -1 : 1) <= 0 || !(profit > 0)) continue
          const worth = Math.abs(held[i]) * price
          const entryValue = worth - Math.sign(held[i]) * profit
          const score = (profit / entryValue) * (worth / equity(i))
          winners.push({
            i,
            score,
            most: gap > 0 ? Math.min(Math.abs(held[i]), profit / gap) : Math.abs(held[i]),
          })
        }
        winners.sort((a, b) => b.score - a.score || a.i - b.i)
        if (got > 0) continue
        for (const { i, most } of winners) {
          const taken = Math.min(most, need - got)
          if (!(taken > 0)) break
          const units = Math.sign(held[i]) * taken
          held[i] = Math.abs(held[i]) - taken < 1e-12 * taken ? 0 : held[i] - units
          cash[i] += units * at
          got += taken
        }
      }
      const part = got >= need * (1 - 1e-12) ? 1 : got / need
      if (part < 1) exhausted[side] = true
      losers.forEach((i, k) => {
        cash[i] += held[i] * part * bankruptcy[k]
        held[i] = part === 1 ? 0 : held[i] * (1 - part)
        if (part > 0) closed++
      })
      deleveragedUsd += got * price
      haircutUsd += Math.max(0, got * gap)
    })
    const units = sold.reduce((sum, i) => sum + held[i], 0)
    const fill = averageOf(units)
    net += units
    for (const i of sold) {
      const rest = cash[i] + held[i] * fill
      held[i] = cash[i] = 0
      closed++
      if (rest >= 0) fund += rest
      else {
        const paid = Math.min(fund, -rest)
        fund -= paid
        lost += -rest - paid
      }
    }
  }
  const mid = PRICE * (1 - FALL) * exp(-c * net)
  const answer = {
    closed,
    fund: fund + 1,
    deleveragedUsd,
    haircutUsd: haircutUsd + 1,
    lost: lost + 1,
    mid,
  }
  return { ms: performance.now() - before, answer }
}
