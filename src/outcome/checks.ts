/** What must hold in every run in time, counted again from the books: always on. */

import { heldOnce } from '../analysis/checks.ts'
import type { Stage } from '../block/stage.ts'
import { accountsOf, health } from '../book.ts'
import type { Check } from '../report.ts'
import type { TimedFacts } from './report.ts'

/** All checks of a run that is over. */
export function timedChecks(facts: TimedFacts): Check[] {
  const { stage } = facts
  const checks = [
    stockIsFlow(stage),
    takersBooks(stage),
    lossesNamed(stage),
    watched(stage),
    ...heldOnce(stage),
    ...(stage.funds.length > 0 ? [fundsBalance(stage)] : []),
  ]
  return facts.parts === null ? checks : [...checks, dollars(facts)]
}

/** Rounding of a whole run stays far below this share. */
const TOLERANCE = 1e-9

function stockIsFlow({ tally, ledger }: Stage): Check {
  const recount = ledger.recount()
  const detail = `largest gap ${share(tally.gap)} in any block, ${share(recount)} when recounted`
  return { name: 'stock = flow', ok: tally.gap <= TOLERANCE && recount <= TOLERANCE, detail }
}

/** What takers hold is what moved to them, in every asset. */
function takersBooks({ takers, time, ledger, market }: Stage): Check {
  let worst = 0
  for (let t = 0; t < takers.length; t++) {
    const place = ledger.holders.taker(t)
    for (let a = 0; a < market.assets.length; a++) {
      const isCash = a === market.cash
      const opening = isCash ? time.takers[t].capitalUsd : 0
      if (opening === Number.POSITIVE_INFINITY) continue
      const held = isCash ? takers[t].cash : takers[t].inventory[a]
      const off = Math.abs(held - opening - ledger.balance(place, a))
      const size = Math.max(opening, ledger.moved(a))
      worst = Math.max(worst, size > 0 ? off / size : off)
    }
  }
  const detail = `largest gap ${share(worst)} of what moved`
  return { name: 'liquidators hold what they were given', ok: worst <= TOLERANCE, detail }
}

/** Bad debt of the protocols is what settlements wrote off, so each has a loser. */
function lossesNamed({ posts, tally, opening }: Stage): Check {
  let worst = 0
  posts.forEach(({ protocol: { badDebt } }, j) => {
    for (let a = 0; a < badDebt.length; a++) {
      const off = Math.abs(badDebt[a] - tally.lost[j][a]) * opening[a]
      worst = Math.max(worst, off)
    }
  })
  let total = 0
  for (const { protocol } of posts)
    protocol.badDebt.forEach((units, a) => {
      total += units * opening[a]
    })
  const ok = worst <= Math.max(1, total) * TOLERANCE
  return { name: 'bad debt has a loser', ok, detail: `largest gap $${worst.toFixed(2)}` }
}

/** What shared funds lack is what protocols drew, each within its share. */
function fundsBalance({ funds, ledger, market }: Stage): Check {
  let off = ledger.balance(ledger.holders.funds, market.cash)
  let isWithin = true
  for (const { openingUsd, leftUsd, mostUsd, drawnUsd } of funds) {
    off += openingUsd - leftUsd
    isWithin &&= drawnUsd.every((usd, j) => usd <= mostUsd[j] * (1 + TOLERANCE))
  }
  const ok = Math.abs(off) <= TOLERANCE * Math.max(1, ledger.moved(market.cash)) && isWithin
  return { name: 'shared funds balance', ok, detail: `largest gap $${Math.abs(off).toFixed(2)}` }
}

/** The lists know exactly who is breached, and nobody breached is lost from the backlog. */
function watched({ posts }: Stage): Check {
  let wrong = 0
  let lost = 0
  let breached = 0
  for (const { protocol, watch, backlog, house } of posts) {
    const { book, values, rules } = protocol
    for (let i = 0; i < accountsOf(book); i++) {
      const value = health(book, values, i)
      const isBreached = value < 0 || (value === 0 && rules.edge === 'atOrBelow')
      if (isBreached !== watch.isBreached(i)) wrong++
      if (!isBreached) continue
      breached++
      if (!(house === null ? backlog.has(i) : house.isWaiting[i] === 1)) lost++
    }
  }
  const detail = `${breached} breached at the end, ${wrong} misjudged, ${lost} not in the backlog`
  return { name: 'watchlist = full scan', ok: wrong === 0 && lost === 0, detail }
}

function dollars({ parts, totalUsd, firstUsd }: TimedFacts): Check {
  const { common, extra, averted } = parts!
  const off = Math.max(
    Math.abs(totalUsd - common - extra),
    Math.abs(firstUsd - common - averted),
    Math.abs(totalUsd - firstUsd - (extra - averted)),
  )
  const ok = off <= Math.max(1, totalUsd) * TOLERANCE
  return { name: 'attribution adds up', ok, detail: `largest gap $${off.toFixed(2)}` }
}

function share(of: number): string {
  return of === 0 ? '0' : of.toExponential(1)
}
