/**
 * What must hold in every result, counted again from the books: printed with the report, always on.
 */

import { healthSweep } from '../book.ts'
import { counted } from '../format.ts'
import { largestGap } from '../pledges.ts'
import type { Check } from '../report.ts'
import { offerList } from '../rules.ts'
import type { World } from '../world.ts'
import { type Cascade, cascade, shock } from './cascade.ts'
import { type Bench, type DropCurve, untraced } from './simulate.ts'

/**
 * Stock = flow: what the legs lost equals what settlements moved, per protocol and asset.
 *
 * Rule: opening collateral less debt, less seized, plus repaid, other moves and bad debt = final
 *       collateral less debt, in units, within 1e-9 of what was owned and owed. The worst gap is
 *       stated in USD. What is pledged twice counts where it stands; without feedback each protocol
 *       has it for itself.
 */
export function conservation(bench: Bench, after: World, run: Cascade): Check {
  let worst = 0
  let holds = true
  const isFelt = bench.options.feedback
  bench.base.protocols.forEach((before, j) => {
    const final = after.protocols[j]
    const elsewhere = isFelt ? (after.pledges.elsewhere[j] ?? null) : null
    for (let asset = 0; asset < bench.prepared.opening.length; asset++) {
      const opening = stock(before, asset, elsewhere)
      const lost = final.badDebt[asset] - before.badDebt[asset]
      const flow = run.repaid[j][asset] + run.moved[j][asset] + lost - run.seized[j][asset]
      const gap = Math.abs(opening.net + flow - stock(final, asset, elsewhere).net)
      worst = Math.max(worst, gap * bench.prepared.opening[asset])
      if (!(gap <= opening.gross * 1e-9)) holds = false
    }
  })
  return { name: 'conservation', ok: holds, detail: `largest gap $${worst.toFixed(2)}` }
}

/** What is pledged twice is one holding at the end: all protocols count the same units of it. */
export function heldOnce({ pledges, protocols }: Pick<World, 'pledges' | 'protocols'>): Check[] {
  if (pledges.holdings.length === 0) return []
  const gap = largestGap(pledges, protocols)
  const detail = `${counted(pledges.holdings.length, 'holding')}, largest gap ${gap.toExponential(1)}`
  return [{ name: 'pledged collateral is held once', ok: gap <= 1e-9, detail }]
}

/** Units of an asset over all legs: owned less owed, without what stands elsewhere; their sum. */
function stock(
  { book, rules, index }: World['protocols'][number],
  asset: number,
  elsewhere: Uint8Array | null,
) {
  let net = 0
  let gross = 0
  for (let k = 0; k < book.slot.length; k++) {
    const slot = book.slot[k]
    if (rules.slots.asset[slot] !== asset) continue
    const units = book.amount[k] * index[slot]
    if (elsewhere?.[k] !== 1) net += units
    gross += Math.abs(units)
  }
  return { net, gross }
}

/**
 * A deeper outside move never makes the first round smaller, in accounts and in what they owe. Not
 * a law where accounts share what their rules hold: a pool that others have emptied.
 */
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
 * shocked prices that have anything to offer. Where accounts share what their rules hold, a
 * settlement moves others in and out; then the full scan finds nobody left behind.
 */
export function firstRoundIsAlone(bench: Bench, drop: number, first: Cascade): Check {
  const { scratch, base, prepared } = bench
  scratch.reset(base)
  shock(scratch, bench.asset, drop)
  if (base.protocols.some(({ items }) => items !== null)) {
    const { options } = untraced(bench)
    cascade(scratch, prepared, { ...options, order: 'worst-first', feedback: false })
    const left = listedRows(bench).length
    return { name: 'first round leaves nobody', ok: left === 0, detail: `${left} by full scan` }
  }
  const settled = new Set(first.trace.row)
  const listed = listedRows(bench)
  const ok = settled.size === listed.length && listed.every((row) => settled.has(row))
  const detail = `${counted(settled.size, 'account')}, ${listed.length} by full scan`
  return { name: 'feedback off = first round', ok, detail }
}

/** Rows of all accounts that are liquidatable at the market's prices and have anything to offer. */
function listedRows({ scratch, prepared }: Bench): number[] {
  const offers = offerList()
  const rows: number[] = []
  scratch.protocols.forEach((protocol, j) => {
    scratch.market.prices(protocol.prices)
    protocol.rules.value(protocol)
    const breached = new Uint32Array(protocol.accounts.length)
    const n = healthSweep(protocol.book, protocol.values, breached)
    for (let k = 0; k < n; k++) {
      offers.count = 0
      protocol.rules.offers(protocol, breached[k], offers)
      if (offers.count > 0) rows.push(prepared.offset[j] + breached[k])
    }
  })
  return rows
}

/**
 * The cascade in the report's own order with feedback off repays exactly the first round, account
 * by account.
 */
export function feedbackOffInOrder(bench: Bench, drop: number, first: Cascade): Check {
  const { scratch, base, prepared, options } = bench
  scratch.reset(base)
  shock(scratch, bench.asset, drop)
  const off = cascade(scratch, prepared, { ...options, feedback: false, traced: false })
  const wrong = off.repaidUsd.findIndex((usd, i) => usd !== first.repaidUsd[i])
  const ok = wrong < 0
  const detail = ok ? `same dollars in ${options.order} order` : `account row ${wrong} differs`
  return { name: 'first round in any order', ok, detail }
}

/** The cascade ended by itself. */
export function settledCheck(run: Cascade): Check {
  const detail = run.settled
    ? `${counted(run.trace.row.length, 'settlement')} in ${counted(run.rounds, 'round')}`
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
