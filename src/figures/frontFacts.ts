/** What pages and pictures say of a front in the same words. */

import { count, counted } from '../format.ts'
import type { Aim, FrontReport, SearchReport } from '../sweep/frontReport.ts'
import type { SweepReport } from '../sweep/report.ts'
import { focusWords, shortKey } from './sweepFacts.ts'

/** An aim in words: `bad debt, 95 % quantile`; of means only the measure. */
export function aimWords(report: SweepReport, aim: Aim): string {
  const { measure, stat } = aim
  if (aim.numbers !== undefined) return shortKey(measure)
  const words = focusWords(report, { measure, stat })
  return stat === 'mean' ? words.replace(/, mean$/, '') : words
}

/** How many cells stand where: `4 of 40 cells on the front, 30 dominated, 6 refused by limits`. */
export function frontWords({ points, dominated, refused, unknown }: FrontReport): string {
  const all = points.length + dominated.length + refused.length + unknown.length
  return [
    `${count(points.length)} of ${counted(all, 'cell')} on the front`,
    `${count(dominated.length)} dominated`,
    ...(refused.length > 0 ? [`${count(refused.length)} refused by limits`] : []),
    ...(unknown.length > 0 ? [`${count(unknown.length)} without a value`] : []),
  ].join(', ')
}

/** How cells were chosen, with the budget. */
export function searchWords({ search }: FrontReport, runs: number): string {
  const { budget, combinations, within_limits: within, rounds, unread } = search
  const each = `of ${counted(runs, 'run')}${runs > 1 ? ', the same for all' : ''}`
  if (search.method === 'grid') return `every combination, ${counted(combinations, 'cell')} ${each}`
  const left = within === combinations ? '' : `, ${count(within)} within the limits on keys`
  const failed =
    unread.length === 0 ? '' : `; ${counted(unread.length, 'combination')} did not read`
  return (
    `${howWords(rounds)} (budget ${count(budget)}) ${each}, from ` +
    `${counted(combinations, 'combination')}${left}${failed}`
  )
}

function howWords(rounds: SearchReport['rounds']): string {
  const all = rounds.reduce((sum, one) => sum + one, 0)
  if (rounds.length === 1) return `all ${counted(all, 'cell')}`
  const further = counted(rounds.length - 1, 'round')
  return (
    `${count(rounds[0])} spread points, then ${count(all - rounds[0])} in halving boxes around ` +
    `the front in ${further}`
  )
}

/** Whether every combination was run, one after the other, so that cells make a map. */
export function isWhole({ variations, cells, one_at_a_time: alone }: SweepReport): boolean {
  const all = variations.reduce((product, { values }) => product * values.length, 1)
  return !alone && cells.length === all
}

/** Limits as letters, to be read below a table. */
export function letterOf({ limits }: Pick<FrontReport, 'limits'>, text: string): string {
  const at = limits.indexOf(text)
  const first = String.fromCharCode(LETTER_A + (at % 26))
  return at < 26 ? first : `${first}${Math.floor(at / 26)}`
}

const LETTER_A = 97
