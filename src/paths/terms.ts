/** The checks that courses make on their parameters. */

import { InputError } from '../errors.ts'
import type { Grid } from './course.ts'

/** Throws InputError unless the rule holds. */
export function check(
  holds: boolean,
  code: string,
  place: string,
  rule: string,
  came: unknown,
  remedy: string,
): void {
  if (!holds) throw new InputError({ code, place, rule, came: String(came), remedy })
}

/** Throws InputError FB2422 unless a fall by `drop` leaves something. */
export function checkDrop(drop: number, place: string): void {
  const remedy = 'Write a fall by 15 % as 0.15; below 0 it is a rise'
  const leaves = drop < 1 && drop > Number.NEGATIVE_INFINITY
  check(leaves, 'FB2422', `${place}.drop`, 'a drop must be below 1 and finite', drop, remedy)
}

/** Throws InputError FB2423 unless the time is finite and not before the opening. */
export function checkSeconds(seconds: number, place: string): void {
  const remedy = 'Count from the opening, which is 0'
  check(isAmount(seconds), 'FB2423', place, 'a time must be 0 or later', seconds, remedy)
}

/** Throws InputError FB2424 unless drift and volatility make a diffusion. */
export function checkDiffusion(
  spec: { readonly drift: number; readonly volatility: number },
  place: string,
): void {
  const rule = 'a drift must be finite'
  const remedy = 'Write 5 % per year as 0.05'
  check(Number.isFinite(spec.drift), 'FB2424', `${place}.drift`, rule, spec.drift, remedy)
  checkSpread(spec.volatility, `${place}.volatility`, 'a volatility')
}

/** Throws InputError FB2424 unless the value is 0 or more and finite. */
export function checkSpread(value: number, place: string, what: string): void {
  const remedy = 'Write 80 % per year as 0.8'
  check(isAmount(value), 'FB2424', place, `${what} must be 0 or more and finite`, value, remedy)
}

/** Throws InputError FB2425 unless steps have a length, and a run a bounded number of them. */
export function checkStep(stepSeconds: number, grid: Grid, place: string): void {
  const steps = (grid.blocks * grid.blockSeconds) / stepSeconds
  check(
    stepSeconds > 0 && stepSeconds < Number.POSITIVE_INFINITY && steps <= STEPS_MAX,
    'FB2425',
    `${place}.stepSeconds`,
    `a step must be longer than 0, with at most ${STEPS_MAX} of them in the run`,
    stepSeconds,
    'Write the time between two recorded returns, in seconds',
  )
}

/** Whether the value is a finite number from 0 on. */
export function isAmount(value: number): boolean {
  return value >= 0 && value < Number.POSITIVE_INFINITY
}

const STEPS_MAX = 100_000_000
