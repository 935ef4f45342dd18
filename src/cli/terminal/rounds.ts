/** The rounds as a table with bars, and the accounts that light the largest avalanches. */

import { count, counted, factor, missing, money, points, price } from '../../format.ts'
import type { Report, Round } from '../../report.ts'
import { left, right } from '../layout.ts'
import type { View } from '../terminal.ts'
import { bar } from './bars.ts'
import { fall, short } from './head.ts'

/** One line a round; a long list is cut where it says least, with the totals of what was cut. */
export function roundLines(report: Report, view: View): string[] {
  const { rounds } = report
  if (rounds.length === 0) return []
  const { strong, quiet } = view.paint
  const wide = Math.max(5, ...rounds.map((round) => bare(price(round.price_after)).length))
  const most = Math.max(...rounds.map((round) => round.repaid_usd))
  const turning = rounds.findIndex(gains)
  const head =
    left(strong('ROUND'), 5) +
    quiet(`${right('price', wide + 3)}  ${left('liquidated', 31)}`) +
    quiet(right('accounts', 12) + right('gain', 8))
  const lines = [head]
  let cut: Round[] = []
  const shown = kept(rounds.length, turning)
  rounds.forEach((round, i) => {
    if (!shown(i)) {
      cut.push(round)
      return
    }
    if (cut.length > 0) lines.push(cutLine(cut, wide, view))
    cut = []
    lines.push(roundLine(round, most, wide, view) + turningPoint(i === turning, view))
  })
  return lines
}

/** Who lights what: the largest cliffs, in order of drop, and where this shock stands. */
export function lighterLines(report: Report, view: View): string[] {
  const { strong, quiet, total, warn } = view.paint
  const largest = report.curve.avalanches.filter(({ accounts }) => accounts > 1).slice(0, 4)
  if (largest.length === 0) return []
  const sorted = [...largest].sort((a, b) => a.drop - b.drop)
  const head =
    left(strong('LIGHTS IT'), 11) +
    quiet(right('drop', 8) + '   ' + left('account', 21) + right('pulls down', 16)) +
    quiet(right('liquidates', 12))
  return [
    head,
    ...sorted.map((avalanche) => {
      const lit = report.shock.drop > avalanche.drop
      const away = points(Math.abs(report.shock.drop - avalanche.drop), 'plain')
      return (
        right((lit ? warn : quiet)(fall(avalanche.drop, 2)), 19) +
        `   ${left(short(avalanche.account), 21)}` +
        right(counted(avalanche.accounts, 'account'), 16) +
        right(total(money(avalanche.repaid_usd, 'plain')), 12) +
        `   ${lit ? warn(`lit, ${away} ago`) : quiet(`${away} ahead`)}`
      )
    }),
  ]
}

const roundsShown = 20

/** First rounds, last rounds, and three around the turning point. */
function kept(rounds: number, turning: number): (index: number) => boolean {
  if (rounds <= roundsShown) return () => true
  return (i) => i < 8 || i >= rounds - 7 || Math.abs(i - turning) <= 1
}

function roundLine(round: Round, most: number, wide: number, view: View): string {
  const { first, total, quiet, strong } = view.paint
  const rising = gains(round)
  const filled = (round.round === 1 ? first : total)(bar(round.repaid_usd / most, barColumns))
  const gain = round.gain === null ? missing : factor(round.gain)
  return (
    (rising ? strong : quiet)(right(String(round.round), 5)) +
    right(bare(price(round.price_after)), wide + 3) +
    `  ${left(filled, barColumns)}` +
    right(bare(money(round.repaid_usd, 'plain')), 7) +
    quiet(right(count(round.accounts), 12)) +
    (rising ? total(`${right(gain, 8)} ▲`) : quiet(right(gain, 8)))
  )
}

function cutLine(cut: readonly Round[], wide: number, view: View): string {
  const repaid = cut.reduce((sum, round) => sum + round.repaid_usd, 0)
  const fresh = cut.reduce((sum, round) => sum + round.accounts, 0)
  const more = `… ${cut.length} more round${cut.length === 1 ? '' : 's'}`
  const amount = right(bare(money(repaid, 'plain')), 7)
  return view.paint.quiet(
    ' '.repeat(wide + 10) + left(more, barColumns) + amount + right(count(fresh), 12),
  )
}

function turningPoint(here: boolean, view: View): string {
  return here ? `  ${view.paint.warn('turning point')}` : ''
}

const barColumns = 24

function gains(round: Round): boolean {
  return round.gain !== null && round.gain >= 1
}

function bare(amount: string): string {
  return amount.replace('$', '')
}
