/**
 * What must hold in every result, counted again from the books: printed with the report, always on.
 */

import { healthSweep } from '../book.ts'
import type { Check } from '../report.ts'
import { offerList, type World } from '../rules.ts'
import { type Cascade, cascade, shock } from './cascade.ts'
import type { Bench, DropCurve } from './simulate.ts'

/**
 * Stock = flow: what the legs lost equals what settlements moved, per protocol, asset and side.
 *
 * Rule: opening collateral - seized = final collateral; opening debt - repaid - bad debt = final
 *       debt; each within 1e-9 of its opening stock. The worst gap is stated in USD.
 */
export function conservation(bench: Bench, after: World, run: Cascade): Check {
  let worst = 0
  let holds = true
  bench.base.protocols.forEach((before, j) => {
    const final = after.protocols[j]
    for (let asset = 0; asset < bench.prepared.opening.length; asset++) {
      const owned = stock(before, asset, 1)
      const owed = stock(before, asset, -1)
      const lost = final.badDebt[asset] - before.badDebt[asset]
      const gaps = [
        { gap: owned - run.seized[j][asset] - stock(final, asset, 1), of: owned },
        { gap: owed - run.repaid[j][asset] - lost - stock(final, asset, -1), of: owed },
      ]
      for (const { gap, of } of gaps) {
        worst = Math.max(worst, Math.abs(gap) * bench.prepared.opening[asset])
        if (!(Math.abs(gap) <= of * 1e-9)) holds = false
      }
    }
  })
  return { name: 'conservation', ok: holds, detail: `largest gap $${worst.toFixed(2)}` }
}

function stock(protocol: World['protocols'][number], asset: number, side: 1 | -1): number {
  const { book, rules } = protocol
  let sum = 0
  for (let k = 0; k < book.slot.length; k++) {
    const slot = book.slot[k]
    if (rules.slots.asset[slot] === asset && rules.slots.side[slot] === side)
      sum += book.amount[k] * side
  }
  return sum
}

/** A deeper outside move never makes the first round smaller, in accounts and in what they owe. */
export function monotone(curve: DropCurve): Check {
  const at = curve.drop.findIndex(
    (_, i) =>
      i > 0 &&
      (curve.firstAccounts[i] < curve.firstAccounts[i - 1] ||
        curve.firstDebtUsd[i] < curve.firstDebtUsd[i - 1] * (1 - 1e-12)),
  )
  const detail =
    at < 0
      ? `first round never shrinks over ${curve.drop.length} drops`
      : `first round shrinks at a drop of ${curve.drop[at]}`
  return { name: 'monotone in drop', ok: at < 0, detail }
}

/**
 * Feedback off is the first round: the accounts it liquidates are those of a full scan at the
 * shocked prices that have anything to offer, and each repays what it repays alone.
 */
export function firstRoundIsAlone(bench: Bench, drop: number, first: Cascade): Check {
  const { scratch, base, prepared } = bench
  scratch.reset(base)
  shock(scratch, bench.asset, drop)
  const offers = offerList()
  let wrong = 0
  let listed = 0
  scratch.protocols.forEach((protocol, j) => {
    scratch.market.prices(protocol.prices)
    protocol.rules.value(protocol)
    const breached = new Uint32Array(protocol.accounts.length)
    const n = healthSweep(protocol.book, protocol.values, breached)
    for (let k = 0; k < n; k++) {
      offers.count = 0
      protocol.rules.offers(protocol, breached[k], offers)
      if (offers.count === 0) continue
      listed++
      if (!(first.repaidUsd[prepared.offset[j] + breached[k]] > 0)) wrong++
    }
  })
  const sold = first.repaidUsd.reduce((n, usd) => n + +(usd > 0), 0)
  const ok = wrong === 0 && sold === listed
  const detail = `${sold} accounts, ${listed} by full scan`
  return { name: 'feedback off = first round', ok, detail }
}

/**
 * The cascade in the report's own order with feedback off repays exactly the first round, account
 * by account.
 */
export function feedbackOffInOrder(bench: Bench, drop: number, first: Cascade): Check {
  const { scratch, base, prepared, options } = bench
  scratch.reset(base)
  shock(scratch, bench.asset, drop)
  const off = cascade(scratch, prepared, { ...options, feedback: false })
  const wrong = off.repaidUsd.findIndex((usd, i) => usd !== first.repaidUsd[i])
  const ok = wrong < 0
  const detail = ok ? `same dollars in ${options.order} order` : `account row ${wrong} differs`
  return { name: 'first round in any order', ok, detail }
}

/** The cascade ended by itself. */
export function settledCheck(run: Cascade): Check {
  const detail = run.settled
    ? `${run.trace.row.length} settlements in ${run.rounds} rounds`
    : `stopped after ${run.trace.row.length} settlements`
  return { name: 'settled', ok: run.settled, detail }
}

/** Dollars add up: common + extra is the total, common + averted the first round. */
export function attributionCheck(
  totalUsd: number,
  firstUsd: number,
  parts: { common: number; extra: number; averted: number },
): Check {
  const gap = Math.max(
    Math.abs(parts.common + parts.extra - totalUsd),
    Math.abs(parts.common + parts.averted - firstUsd),
  )
  const ok = gap <= 1e-9 * Math.max(totalUsd, firstUsd, 1)
  return { name: 'attribution adds up', ok, detail: `gap $${gap.toFixed(2)}` }
}
