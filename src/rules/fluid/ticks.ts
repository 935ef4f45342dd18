/** Ticks of Fluid's vaults: steps of 0.15 % in the ratio of debt to collateral. */

import { log, pow } from '../../math/exponential.ts'

/**
 * Debt per collateral at a tick: 1.0015^tick.
 *
 * Units: both in the smallest units of their tokens.
 */
export function ratioAt(tick: number): number {
  return pow(STEP, tick) * (1 + tick * STEP_REST)
}

/** The highest tick whose ratio is at most this one; the ratio is above 0. */
export function tickAt(ratio: number): number {
  let tick = Math.floor(log(ratio) / STEP_LOG)
  while (ratioAt(tick + 1) <= ratio) tick++
  while (ratioAt(tick) > ratio) tick--
  return tick
}

/** The tick that a position stands in: its own, or the next above its ratio. */
export function tickAbove(ratio: number): number {
  return tickAt(ratio * (1 - HAIR / 2)) + 1
}

/** The tick that a new position is put into: above its ratio, never at it. */
export function tickFor(ratio: number): number {
  return tickAt(ratio * ROUNDED_UP) + 1
}

/**
 * Debt whose repayment brings a position down to a ratio.
 *
 * Rule:  x solves (debt - x) / (units - x unitsPerDebt) = ratio; unitsPerDebt x ratio is below 1.
 */
export function debtToRatio(
  debt: number,
  units: number,
  ratio: number,
  unitsPerDebt: number,
): number {
  return (debt - ratio * units) / (1 - unitsPerDebt * ratio)
}

/** 1.0015, and what the double lacks of it as a share: over 10,000 ticks that is felt. */
const STEP = 1.0015
const STEP_REST = -5.675828143865004e-17
const STEP_LOG = log(STEP)

/** A liquidation leaves a position this share above its tick: one of 2^30 - 1 parts of the next. */
export const HAIR = 0.0015 / 1_073_741_823

/** A debt is taken to be this much larger when its tick is chosen. */
const ROUNDED_UP = 1.000000001
