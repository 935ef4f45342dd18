/**
 * The few numbers everybody asks first, from one bench at one drop. Shared by the report and its
 * sensitivities.
 */

import { hopCurve, shareOf } from '../market.ts'
import { attribute, countOf, total } from './attribution.ts'
import type { Cascade } from './cascade.ts'
import { gainMatrix, jointGain } from './gainMatrix.ts'
import {
  type GainState,
  gainPeak,
  gainProfile,
  type LoopGain,
  typicalSaleDrop,
} from './loopGain.ts'
import { type Bench, firstRound, simulate } from './simulate.ts'
import { shortfallUsd } from './tables.ts'
import { owes, owns } from './triggers.ts'
import { debtOf, type WorldLadder, worldLadder } from './worldLadder.ts'

/** Ratios and dollars of one shock. `amplification` is null at a drop of 0. */
export interface Headline {
  readonly first_round_usd: number
  readonly total_liquidated_usd: number
  readonly second_round_share: number | null
  readonly first_round_accounts: number
  readonly accounts_liquidated: number
  readonly final_drop: number
  readonly amplification: number | null
  readonly rounds: number
  readonly bad_debt_usd: number
  readonly first_round_bad_debt_usd: number
  readonly shortfall_usd: number
  readonly liquidator_profit_usd: number
}

/**
 * Both cascades of a drop, and what is left in the scratch world after the one with feedback.
 * `zero` is the cascade of no drop at all, for those who ask at many drops.
 */
export function headline(bench: Bench, drop: number, zero: Cascade = simulate(bench, 0)) {
  const first = firstRound(bench, drop)
  const actual = simulate(bench, drop)
  const { opening } = bench.prepared
  const parts = attribute(actual, first)
  const dropOf = (price: number) => 1 - price / opening[bench.asset]
  const finalDrop = dropOf(actual.prices[bench.asset])
  const already = alreadyBadUsd(bench)
  const { firstUsd, totalUsd } = parts
  const numbers: Headline = {
    first_round_usd: firstUsd,
    total_liquidated_usd: totalUsd,
    second_round_share: totalUsd === 0 ? null : (totalUsd - firstUsd) / totalUsd,
    first_round_accounts: countOf(first.repaidUsd),
    accounts_liquidated: countOf(actual.repaidUsd),
    final_drop: finalDrop,
    amplification: drop === 0 ? null : (finalDrop - dropOf(zero.prices[bench.asset])) / drop,
    rounds: actual.rounds,
    bad_debt_usd: already + total(actual.badDebtUsd),
    first_round_bad_debt_usd: already + total(first.badDebtUsd),
    shortfall_usd: shortfallUsd(bench.scratch),
    liquidator_profit_usd:
      actual.proceedsUsd + keptUsd(actual.kept, actual.prices) - actual.paidUsd,
  }
  return { numbers, first, actual, parts }
}

function keptUsd(kept: Float64Array, prices: Float64Array): number {
  return kept.reduce((sum, units, asset) => sum + units * prices[asset], 0)
}

/** Debt of accounts that own nothing at the opening: bad before any move. */
export function alreadyBadUsd(bench: Bench): number {
  return alreadyBad(bench).reduce((sum, { debt_usd }) => sum + debt_usd, 0)
}

/** The accounts that own nothing and owe something. */
export function alreadyBad(bench: Bench): { account: string; debt_usd: number }[] {
  const found: { account: string; debt_usd: number }[] = []
  for (const protocol of bench.base.protocols) {
    for (let i = 0; i < protocol.accounts.length; i++) {
      if (owns(protocol, i) || !owes(protocol, i)) continue
      const debt_usd = debtOf(protocol, i, bench.prepared.opening)
      found.push({ account: protocol.accounts[i], debt_usd })
    }
  }
  return found
}

/** Loop gain at the opening, at each stated drop. */
export interface GainNow {
  readonly profile: readonly LoopGain[]
  readonly peak: { readonly gain: number; readonly h: number } | null
  readonly ladder: WorldLadder | null
  /** Spectral radius and joint gain by drop, where several assets move. */
  readonly several: readonly {
    readonly h: number
    readonly radius: number
    /** Null where the asset that moves has no venue: nothing of it is sold. */
    readonly joint: number | null
    readonly assets: readonly number[]
  }[]
}

/**
 * The strength of the loop now, before any outside move.
 *
 * Rule: one moving asset sold on path-independent venues: g(h) on its ladder. Several: the gain
 *       matrix.
 */
export function gainNow(bench: Bench, drops: readonly number[]): GainNow {
  const { prepared, scratch, base } = bench
  scratch.reset(base)
  const curve = prepared.lead < 0 ? null : hopCurve(base.market, prepared.lead)
  if (curve === null)
    return { profile: [], peak: null, ladder: null, several: several(bench, drops) }
  const ladder = worldLadder(scratch, prepared, bench.options.disposal)
  const outside = base.market.outside(prepared.lead)
  const from = ladder.ladder.trigger.findIndex((trigger) => trigger <= outside)
  const first = from < 0 ? ladder.ladder.trigger.length : from
  const state: GainState = { outside, sold: 0, from: first }
  const profile = gainProfile(ladder.ladder, curve, state, drops)
  const least = typicalSaleDrop(ladder.ladder, curve, state)
  const peak = gainPeak(ladder.ladder, curve, state, least)
  return { profile, peak: peak.index < 0 ? null : peak, ladder, several: [] }
}

/**
 * The same profile at the shocked state before any sale: what the accounts that the outside move
 * spares would force. Empty where `gainNow` has no ladder.
 */
export function gainShocked(
  { base, prepared }: Bench,
  { ladder }: GainNow,
  drop: number,
  drops: readonly number[],
): LoopGain[] {
  const curve = ladder === null ? null : hopCurve(base.market, prepared.lead)
  if (ladder === null || curve === null) return []
  const outside = base.market.outside(prepared.lead) * (1 - drop)
  return gainProfile(ladder.ladder, curve, { outside, sold: 0, from: 0 }, drops)
}

function several(bench: Bench, drops: readonly number[]): GainNow['several'] {
  const { base, asset } = bench
  const sold = base.market.assets
    .map((_, a) => a)
    .filter((a) => base.market.hop[a].some((v) => Number.isFinite(limit(base.market.venues[v]))))
    // The sales of a share are those of what it stands for: they are in those rows.
    .filter((a) => shareOf(base.market, a) === null)
  if (sold.length === 0) return []
  const direction = base.market.assets.map((_, a) => +(a === asset))
  return drops.map((h) => ({
    h,
    radius: gainMatrix(base, h, sold).spectralRadius,
    joint: base.market.hop[asset].length > 0 ? jointGain(base, h, direction).minimum : null,
    assets: sold,
  }))
}

function limit(venue: { mid(): number; capacity(price: number): number }): number {
  return venue.capacity(venue.mid() * (1 - 1e-9))
}
