import { beforeAll, describe, expect, it } from 'vitest'
import { venueFrom } from '../../src/setup.ts'
import { columnOf } from '../../src/table.ts'
import {
  atLows,
  type Compared,
  compare,
  concordance,
  lag,
  repaidUsd,
  type Spread,
  shuffledNear,
  spreadOf,
  sum,
} from './matching.suite.ts'
import { ETH, GAS, MAIN, poolOf, type Variant } from './may2021.suite.ts'
import {
  type Day,
  heldAt,
  type Position,
  recordedDay,
  recordedMultiples,
  valueAt,
} from './recordedDay.suite.ts'
import { isRecorded, median, millions, percent, printTable } from './recordings.suite.ts'

let day: Day

/** Lags of first liquidations, of the positions that `holds` picks. */
function firsts({ positions, lists }: Compared, holds: readonly boolean[]): Spread {
  const picked = positions.map((_, k) => k).filter((k) => holds[k])
  return spreadOf(
    picked.map((k) => lag(positions[k].events[0].seconds, lists[k][0])),
    picked.map((k) => positions[k].events[0].repaid),
  )
}

/** Prices of recorded liquidations against what the oracle of the replay said then. */
function gapsOf({ positions, outcome }: Compared, holds: (name: string) => boolean): number[] {
  const seconds = columnOf(outcome.frames, 'seconds')
  return positions.flatMap(({ collateral, events }) => {
    if (!holds(collateral)) return []
    const oracle = columnOf(outcome.frames, `oracle_Aave v2_${collateral}`)
    return events.map(({ seconds: at, price }) => {
      return (
        price /
          oracle[
            Math.max(
              0,
              seconds.findLastIndex((s) => s <= at),
            )
          ] -
        1
      )
    })
  })
}

/** Lags of all liquidations of a position, each against the one of the same number. */
function every({ positions, lists }: Compared): Spread {
  const pairs = positions.flatMap(({ events }, k) =>
    events.map((event, n) => ({ event, replayed: lists[k][n] })),
  )
  return spreadOf(
    pairs.map(({ event, replayed }) => lag(event.seconds, replayed)),
    pairs.map(({ event }) => event.repaid),
  )
}

const HEAD = ['count', '< -1', '-1', 'same', '+1', '> +1', 'never', 'hit', 'hit $', 'near']
const cells = (spread: Spread) => [
  spread.count,
  spread.earlier,
  spread.oneEarlier,
  spread.same,
  spread.next,
  spread.later,
  spread.never,
  percent(spread.hit),
  percent(spread.hitUsd),
  percent(spread.near),
]

const exitOf = (pools: number) =>
  pools < Number.POSITIVE_INFINITY ? `sold in ${pools} of the pool` : 'sold at the mid'

/** What a liquidation burns at the recorded gas price. */
const gasUsdAt = (seconds: number) =>
  GAS * 1e-9 * heldAt(day.gwei, seconds) * valueAt(day.closes, seconds)

describe.skipIf(!isRecorded)('replay of 19 May 2021 (FIREBREAK_DATA)', () => {
  beforeAll(() => {
    day = recordedDay()
  })

  it('behaviour: covers what was seized in volatile tokens for dollars', () => {
    const row = (name: string, of: readonly Position[]) => {
      const events = of.flatMap((position) => position.events)
      const usd = sum(events.map(({ repaid }) => repaid))
      return [name, of.length, events.length, millions(usd), percent(usd / day.all.usd)]
    }
    const eth = day.positions.filter(({ collateral }) => collateral === 'WETH')
    printTable(
      'Liquidations of Aave v2 on 19 May 2021',
      ['', 'positions', 'events', 'repaid', 'of the day'],
      [
        ['all', '', day.all.count, millions(day.all.usd), '100 %'],
        row('WETH, debt in dollars', eth),
        row('13 tokens, debt in dollars', day.positions),
      ],
    )
    expect(day.all.count).toBe(679)
    expect(day.collaterals).toHaveLength(13)
    expect(eth.flatMap(({ events }) => events)).toHaveLength(245)
    expect(day.positions.flatMap(({ events }) => events)).toHaveLength(620)
  })

  it('behaviour: bonuses and halves are those of the record', () => {
    const lowered = day.collaterals.filter(
      (name) => day.bonus.get(name)! !== day.bonus2022.get(name),
    )
    const halves = day.positions
      .filter(({ isAlone, events }) => isAlone && events.length > 1)
      .flatMap(({ events }) => events.slice(1).map((e, k) => e.repaid / events[k].repaid))
    const half = halves.filter((ratio) => Math.abs(ratio - 0.5) < 0.01).length
    const { lists, positions } = compare(day, MAIN)
    printTable(
      'Bonus and step size',
      ['', 'found'],
      [
        ['tokens whose bonus of the day is not that of 2022', `${lowered.length} of 13`],
        ['later repayments that are half of the one before', `${half} of ${halves.length}`],
      ],
    )
    expect(day.bonus.get('WETH')).toBe(0.05)
    lists.forEach((list, k) => {
      const bonus = day.bonus.get(positions[k].collateral)!
      list.forEach(({ units, price, repaid }, n) => {
        expect((units * price) / repaid / (1 + bonus)).toBeCloseTo(1, 9)
        if (n > 0) expect(repaid / list[n - 1].repaid).toBeCloseTo(0.5, 9)
      })
    })
    expect(half / halves.length).toBeGreaterThan(0.5)
  })

  it('behaviour: at the lows of the day who is liquidated when agrees, and only there', () => {
    const main = compare(day, ETH)
    const lows = atLows(main.positions)
    const all = main.positions.map(() => true)
    const variants: readonly (readonly [string, Partial<Variant>])[] = [
      ['oracle without delay', { delaySeconds: 0 }],
      ['oracle 60 s late', { delaySeconds: 60 }],
      ['delay grows with gas', { congestionPower: 1 }],
      ['oracle moves at 1 %', { deviation: 0.01 }],
      ['both', { deviation: 0.01, congestionPower: 1 }],
      ['highs and lows in the path', { path: 'bars' }],
      ['threshold 82.5 %', { threshold: 0.825 }],
    ]
    const shifts = [0.95, 0.98, 0.99, 1.01, 1.02, 1.05].map((shift) => {
      const spread = firsts(compare(day, { ...ETH, shift }), lows)
      return { shift, spread }
    })
    const tokens = compare(day, MAIN)
    const others = tokens.positions.map(({ collateral }) => collateral !== 'WETH')
    const lowsOfAll = atLows(tokens.positions)
    const recorded = main.positions.map(({ events }) => events[0].seconds)
    const picked = recorded.map((_, k) => k).filter((k) => lows[k])
    const times = picked.map((k) => recorded[k])
    const found = picked.map((k) => main.lists[k][0])
    const shuffled = shuffledNear(times, found)
    const order = concordance(times, found)
    const atLow = firsts(main, lows)
    printTable(
      'First liquidations of positions, prices given: bars of 10 minutes from the record to the replay',
      ['', ...HEAD],
      [
        ['13 tokens, first and later', ...cells(every(tokens))],
        ['WETH, first and later', ...cells(every(main))],
        ['WETH, all', ...cells(firsts(main, all))],
        ['WETH, at a low of the day', ...cells(atLow)],
        ...variants.map(([name, varied]) => [
          `  ${name}`,
          ...cells(firsts(compare(day, { ...ETH, ...varied }), lows)),
        ]),
        ...shifts.map(({ shift, spread }) => [`  placebo: triggers x ${shift}`, ...cells(spread)]),
        ['  placebo: times shuffled', '', '', '', '', '', '', '', '', '', percent(shuffled)],
        ['12 other tokens, all', ...cells(firsts(tokens, others))],
        [
          '12 other tokens, at a low',
          ...cells(
            firsts(
              tokens,
              others.map((is, k) => is && lowsOfAll[k]),
            ),
          ),
        ],
      ],
    )
    const gaps = gapsOf(main, (name) => name === 'WETH')
    const gap = median(gaps.map(Math.abs))
    const gapOfOthers = median(gapsOf(tokens, (name) => name !== 'WETH').map(Math.abs))
    printTable(
      'Order, and the price at the time',
      ['', 'found'],
      [
        ['pairs of accounts at a low in the recorded order', percent(order)],
        ['price of a WETH liquidation against the oracle of the replay, median', percent(gap)],
        [
          '  within 2 % of it',
          percent(gaps.filter((each) => Math.abs(each) < 0.02).length / gaps.length),
        ],
        ['price of a liquidation of another token, the same', percent(gapOfOthers)],
      ],
    )
    expect(gap).toBeLessThan(0.02)
    // Bounds lie below what was found, far enough above the placebos to tell them apart.
    expect(atLow.near).toBeGreaterThan(0.65)
    expect(atLow.hit).toBeGreaterThan(0.35)
    for (const { shift, spread } of shifts)
      if (Math.abs(shift - 1) > 0.015) expect(atLow.near - spread.near).toBeGreaterThan(0.15)
    expect(atLow.near - shuffled).toBeGreaterThan(0.3)
    expect(order).toBeGreaterThan(0.9)
    expect(firsts(main, all).hit).toBeLessThan(atLow.hit)
  })

  it('behaviour: later liquidations follow from the first', () => {
    const rows = [0.85, 0.825].map((threshold) => {
      const { positions, lists } = compare(day, { ...ETH, threshold })
      const again = positions
        .map((_, k) => k)
        .filter((k) => positions[k].isAlone && positions[k].events.length > 1)
      const once = positions
        .map((_, k) => k)
        .filter((k) => positions[k].isAlone && positions[k].events.length === 1)
      const recordedRatio = again.map(
        (k) => positions[k].events[1].price / positions[k].events[0].price,
      )
      const foundAgain = again.filter((k) => lists[k].length > 1)
      const ratio = foundAgain.map((k) => lists[k][1].price / lists[k][0].price)
      const lags = again.map((k) => lag(positions[k].events[1].seconds, lists[k][1]))
      const spread = spreadOf(
        lags,
        again.map((k) => positions[k].events[1].repaid),
      )
      const theory = 1 / (2 - 1.05 * threshold)
      const alarms = once.filter((k) => lists[k].length > 1).length
      return {
        theory,
        ratio: median(ratio),
        recorded: median(recordedRatio),
        cells: [
          percent(threshold),
          again.length,
          median(recordedRatio).toFixed(3),
          theory.toFixed(3),
          median(ratio).toFixed(3),
          foundAgain.length,
          percent(spread.hit),
          percent(spread.near),
          `${alarms} of ${once.length}`,
        ],
      }
    })
    printTable(
      'Second liquidations of WETH positions, predicted from the first',
      [
        'threshold',
        'recorded',
        'price 2nd/1st',
        'by the rule',
        'replayed',
        'found',
        'hit',
        'near',
        'second not recorded',
      ],
      rows.map((row) => row.cells),
    )
    const [of2022, ofTheDay] = rows
    for (const row of rows) expect(Math.abs(row.ratio - row.theory)).toBeLessThan(0.03)
    expect(Math.abs(ofTheDay.recorded - ofTheDay.theory)).toBeLessThan(0.01)
    expect(Math.abs(of2022.recorded - of2022.theory)).toBeGreaterThan(0.01)
  })

  it('behaviour: the bonus pays for gas on most dollars, and one pool is no exit', () => {
    const events = day.positions
      .filter(({ collateral }) => collateral === 'WETH')
      .flatMap((position) => position.events)
    const pool = poolOf(day, 1, day.closes.value[0], 1)
    const judged = events.map((event) => {
      const gasUsd = gasUsdAt(event.seconds)
      const venue = venueFrom(pool)
      venue.move(event.price)
      return {
        ...event,
        pays: 0.05 * event.repaid > gasUsd,
        paysInPool: venue.quote(event.seized).proceeds > event.repaid + gasUsd,
      }
    })
    const usd = (of: readonly { readonly repaid: number }[]) => sum(of.map(({ repaid }) => repaid))
    const paying = judged.filter(({ pays }) => pays)
    const inPool = judged.filter(({ paysInPool }) => paysInPool)
    const exits = [Number.POSITIVE_INFINITY, recordedMultiples(day).some, 1]
    const varied = exits.map((pools): Variant => ({ ...ETH, pools }))
    const runs = [...varied, { ...ETH, sizes: 'whole day' as const }].map((variant) => {
      const run = compare(day, variant)
      const { events: table, report } = run.outcome
      const { liquidations, accounts } = report.protocols[0]
      const [got, paid, gas, at] = ['proceeds_usd', 'repaid', 'gas_usd', 'seconds'].map((c) =>
        columnOf(table, c),
      )
      return {
        pools: variant.pools,
        sizes: variant.sizes,
        liquidations,
        accounts,
        usd: repaidUsd(run),
        gasUsd: sum(gas),
        gasGap: Math.max(...gas.map((usd, k) => Math.abs(usd / gasUsdAt(at[k]) - 1))),
        mids: columnOf(run.outcome.frames, 'mid_WETH'),
        profit: Math.min(...got.map((usd, k) => usd - paid[k] - gas[k])),
      }
    })
    printTable(
      'WETH liquidations that pay after the recorded gas',
      ['', 'events', 'positions', 'repaid', 'gas'],
      [
        ['recorded', events.length, 183, millions(usd(events)), ''],
        ['  of them paying at their own price', paying.length, '', millions(usd(paying)), ''],
        ['  of them paying in the pool alone', inPool.length, '', millions(usd(inPool)), ''],
        ...runs.map((run) => [
          `replayed, ${exitOf(run.pools)}, sizes of the ${run.sizes}`,
          run.liquidations,
          run.accounts,
          millions(run.usd),
          millions(run.gasUsd),
        ]),
      ],
    )
    expect(usd(paying) / usd(events)).toBeGreaterThan(0.95)
    expect(paying.length).toBeLessThan(events.length)
    for (const { profit, gasGap, mids } of runs) {
      expect(profit).toBeGreaterThanOrEqual(0)
      expect(gasGap).toBeLessThan(1e-9)
      // Given prices: no sale moves them, in a pool of any depth.
      mids.forEach((mid, k) => {
        expect(mid / runs[0].mids[k]).toBeCloseTo(1, 9)
      })
    }
    expect(usd(inPool) / usd(events)).toBeLessThan(usd(paying) / usd(events))
    expect(runs[0].usd).toBeGreaterThan(runs[2].usd)
    expect(runs[1].usd).toBeGreaterThan(runs[2].usd)
  })
})
