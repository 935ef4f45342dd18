/**
 * Tables of a report that need no cascade of their own: health, at risk by drop, levels, outcomes
 * per account.
 */

import { healthFactor } from '../book.ts'
import { hopCurve, type Market } from '../market.ts'
import { countedTwice } from '../pledges.ts'
import type { AccountOutcome, AtRisk, HealthBin, LevelBin } from '../report.ts'
import type { World } from '../world.ts'
import type { Attribution } from './attribution.ts'
import { type Cascade, shock } from './cascade.ts'
import { unitsToDrop } from './depth.ts'
import { isBreached, isOpen, type Prepared, protocolOf, triggerPrice } from './triggers.ts'
import { collateralOf, debtOf } from './worldLadder.ts'

/** Accounts with debt by health factor at the published prices, debt in USD. */
export function healthBins(world: World): HealthBin[] {
  const bins = HEALTH_EDGES.map((from, i) => ({
    from,
    to: HEALTH_EDGES[i + 1] ?? null,
    accounts: 0,
    debt_usd: 0,
  }))
  for (const protocol of world.protocols)
    for (let i = 0; i < protocol.accounts.length; i++) {
      const debt = debtOf(protocol, i, protocol.prices)
      if (debt === 0) continue
      const factor = healthFactor(protocol.book, protocol.values, i)
      const bin = bins.findLast(({ from }) => factor >= from) ?? bins[0]
      bin.accounts++
      bin.debt_usd += debt
    }
  return bins
}

/**
 * Who is below the edge after each drop, when nothing is sold. `scratch` is reset from `base` for
 * each.
 */
export function atRisk(
  base: World,
  scratch: World,
  asset: number,
  drops: readonly number[],
): AtRisk[] {
  return drops.map((drop) => {
    scratch.reset(base)
    shock(scratch, asset, drop)
    let accounts = 0
    let collateral = 0
    let debt = 0
    for (const protocol of scratch.protocols) {
      scratch.market.prices(protocol.prices)
      protocol.rules.value(protocol)
      for (let i = 0; i < protocol.accounts.length; i++) {
        if (!isBreached(protocol, i)) continue
        accounts++
        collateral += collateralOf(protocol, i, protocol.prices)
        debt += debtOf(protocol, i, protocol.prices)
      }
    }
    const { protocols, pledges } = scratch
    const { usd: twiceUsd } = countedTwice(pledges, protocols, protocols[0].prices, (leg) =>
      isBreached(protocols[leg.protocol], leg.account),
    )
    return { drop, accounts, collateral_usd: collateral - twiceUsd, debt_usd: debt }
  })
}

/** Debt above collateral at final prices, over accounts that still have both; USD. */
export function shortfallUsd(world: World): number {
  let sum = 0
  for (const protocol of world.protocols)
    for (let i = 0; i < protocol.accounts.length; i++) {
      const gap = debtOf(protocol, i, protocol.prices) - collateralOf(protocol, i, protocol.prices)
      if (gap > 0 && isOpen(protocol, i)) sum += gap
    }
  return sum
}

/** What became of every account, in row order. `base` is the opening state. */
export function outcomes(
  base: World,
  prepared: Prepared,
  actual: Cascade,
  parts: Attribution,
): AccountOutcome[] {
  const round = new Int32Array(prepared.key.length)
  for (let n = actual.trace.row.length - 1; n >= 0; n--)
    round[actual.trace.row[n]] = actual.trace.round[n]
  const opening = prepared.opening[prepared.headline]
  return Array.from(prepared.key, (_, row) => {
    const j = protocolOf(prepared, row)
    const protocol = base.protocols[j]
    const account = row - prepared.offset[j]
    const trigger = triggerPrice(protocol, account, prepared.follows, opening)
    const first = parts.common[row] + parts.averted[row]
    const repaid = parts.common[row] + parts.extra[row]
    return {
      protocol: protocol.name,
      account: protocol.accounts[account],
      trigger_drop: trigger === 0 ? null : Math.max(0, 1 - trigger / opening),
      round: round[row] === 0 ? null : round[row],
      debt_usd: debtOf(protocol, account, prepared.opening),
      repaid_usd: repaid,
      first_round_usd: first,
      common_usd: parts.common[row],
      extra_usd: parts.extra[row],
      averted_usd: parts.averted[row],
      bad_debt_usd: actual.badDebtUsd[row],
      fate: fateOf(first, repaid),
    }
  })
}

function fateOf(first: number, repaid: number): AccountOutcome['fate'] {
  if (first > 0) return repaid > 0 ? 'first round' : 'averted'
  return repaid > 0 ? 'feedback' : 'untouched'
}

/**
 * Debt at its trigger price, by fate, over the bids of the opening market. Falling bins from now to
 * `bottom` (USD).
 */
export function levelBins(
  base: World,
  prepared: Prepared,
  rows: readonly AccountOutcome[],
  bottom: number,
): LevelBin[] {
  const now = prepared.opening[prepared.headline]
  const size = (now - bottom) / LEVEL_BINS
  const units = levelUnits(base.market, prepared.headline, now, bottom)
  const bins = Array.from({ length: LEVEL_BINS }, (_, i) => ({
    from: now - i * size,
    to: now - (i + 1) * size,
    first_usd: 0,
    feedback_usd: 0,
    untouched_usd: 0,
    ...bidsBetween(base.market, prepared.headline, units[i], units[i + 1]),
  }))
  for (const row of rows) {
    if (row.trigger_drop === null || row.debt_usd === 0) continue
    const bin = bins[Math.min(LEVEL_BINS - 1, Math.floor((row.trigger_drop * now) / size))]
    if (row.trigger_drop * now > now - bottom) continue
    if (row.fate === 'first round' || row.fate === 'averted') bin.first_usd += row.debt_usd
    else if (row.fate === 'feedback') bin.feedback_usd += row.debt_usd
    else bin.untouched_usd += row.debt_usd
  }
  return bins
}

/** Units that must be sold to reach each edge of the levels; null where no amount does it. */
export function levelUnits(
  market: Market,
  asset: number,
  now: number,
  bottom: number,
): (number | null)[] {
  const size = (now - bottom) / LEVEL_BINS
  return Array.from({ length: LEVEL_BINS + 1 }, (_, i) => {
    const drop = 1 - (1 - (i * size) / now)
    return i === 0 ? 0 : unitsToDrop(market, asset, drop)
  })
}

/** What the market pays between two amounts sold; nothing where one of them is never reached. */
function bidsBetween(market: Market, asset: number, upper: number | null, lower: number | null) {
  if (upper === null || lower === null) return { bids_usd: 0, extrapolated: false }
  const curve = hopCurve(market, asset)
  if (curve !== null) {
    const usd = curve.proceeds(market.outside(asset), upper, lower - upper)
    return { bids_usd: usd, extrapolated: market.quote(asset, lower).extrapolated }
  }
  const deep = market.quote(asset, lower)
  return {
    bids_usd: deep.proceeds - market.quote(asset, upper).proceeds,
    extrapolated: deep.extrapolated,
  }
}

const LEVEL_BINS = 40
const HEALTH_EDGES = [0, 0.95, 1, 1.05, 1.1, 1.2, 1.3, 1.5, 1.75, 2, 3, 5]
