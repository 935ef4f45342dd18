/** A search for attacks on one screen: what pays, what it takes, which guard ends it. */

import type {
  AttackReport,
  CorruptionReport,
  FoundReport,
  GuardReport,
  PlanReport,
} from '../../attack/report.ts'
import { count, counted, money, percent, shortId } from '../../format.ts'
import { flow, pageOf, wrap } from '../layout.ts'
import type { View } from '../terminal.ts'
import { grid, minus } from './grid.ts'

/**
 * Returns the page, ending in a newline.
 *
 * Rule: the first sentence says whether anything pays, how, who loses, and what ends it.
 */
export function renderAttack(report: AttackReport, view: View): string {
  return pageOf(view.unicode, [
    headLines(report, view),
    wrap(sentence(report), view.columns - 2).map(view.paint.strong),
    planLines(report, view),
    guardLines(report, view),
    costLines(report, view),
    poolLines(report, view),
    lastLines(report, view),
  ])
}

function headLines(report: AttackReport, view: View): string[] {
  const { strong, quiet } = view.paint
  const { attacker, seed } = report
  const facts = [report.scenario, `seed ${seed}`, `run ${shortId(report.run_id)}`, 'simulated']
  const flash =
    attacker.flash_usd > 0 ? [`${usd(attacker.flash_usd)} lent for one block at most`] : []
  const means = [`attacker has ${usd(attacker.cash_usd)}`, ...flash]
  const time = `${counted(attacker.blocks, 'block')} of ${count(attacker.block_seconds)} s`
  return [
    ...flow(
      [strong(`Firebreak ${report.engine_version}`), quiet(facts.join(' · '))],
      view.columns - 2,
      '   ',
    ),
    ...flow([...means, time], view.columns - 2, ' · ').map(quiet),
  ]
}

/** What a reader must know, in one or two sentences. */
function sentence(report: AttackReport): string {
  const { found, guards, attacker } = report
  const { best } = found
  if (best === null)
    return 'Nothing here can be attacked: no oracle reads a price that trades move.'
  if (!found.is_profitable) {
    const least = `the best of ${count(found.plans)} plans ${outcomeWords(best.profit_usd)}`
    return `No attack with ${usd(attacker.cash_usd)} was found to pay: ${least}.`
  }
  const damage = [
    ...(best.bad_debt_usd >= 1 ? [`lenders lose ${usd(best.bad_debt_usd)}`] : []),
    ...(best.borrowers_lost_usd >= 1 ? [`borrowers ${usd(best.borrowers_lost_usd)}`] : []),
  ]
  const hurt = damage.length === 0 ? '' : `; ${damage.join(', ')}`
  const paid = `An attacker makes ${usd(best.profit_usd)}: it ${story(best, report)}${hurt}.`
  return guards.length === 0 ? paid : `${paid} ${verdict(guards)}`
}

function outcomeWords(profit: number): string {
  return profit < 0 ? `loses ${usd(-profit)}` : `earns ${usd(profit)}`
}

/** What a plan does, as a person would tell it. */
function story(plan: PlanReport, { attacker }: AttackReport): string {
  const where = plan.venue === null ? plan.asset : `${plan.asset} on ${plan.venue}`
  const time = plan.blocks === 1 ? 'for one block' : `for ${counted(plan.blocks, 'block')}`
  const way =
    plan.to < 1
      ? `pushes ${where} down by ${percent(1 - plan.to, 0, 'plain')}`
      : `drives ${where} to ${plan.to.toFixed(plan.to < 2 ? 2 : 1)} times its price`
  const lent = plan.capital_usd > attacker.cash_usd && plan.blocks === 1 ? ', with lent money' : ''
  const ends =
    plan.borrows === null
      ? plan.outside_usd === 0
        ? 'liquidates whom that breaches'
        : `${plan.outside_usd < 0 ? 'is short' : 'is long'} ${usd(Math.abs(plan.outside_usd))} outside`
      : `borrows ${plan.borrows.asset} from ${plan.borrows.protocol} against it and leaves`
  return `${way} ${time}${lent}, and ${ends}`
}

function verdict(guards: readonly GuardReport[]): string {
  const ending = guards.filter(({ found }) => !found.is_profitable).map(({ name }) => name)
  if (ending.length === 0) return 'None of the guards tried ends all profit.'
  const all = ending.length === guards.length && guards.length > 1
  return all
    ? 'Each of the guards tried ends it.'
    : `Of the guards tried, ${list(ending)} ${ending.length === 1 ? 'ends' : 'end'} it.`
}

function list(names: readonly string[]): string {
  if (names.length === 1) return names[0]
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
}

/** The best plan of each kind, and the cheapest that pays. */
function planLines({ found }: AttackReport, view: View): string[] {
  const { cheapest, kinds } = found
  const rows = kinds.map((plan): [string, PlanReport] => [KINDS[plan.kind] ?? plan.kind, plan])
  rows.sort((a, b) => b[1].profit_usd - a[1].profit_usd)
  if (cheapest !== null) rows.push(['least capital', cheapest])
  if (rows.length === 0) return []
  const of = (cell: (plan: PlanReport) => string) => rows.map(([, plan]) => cell(plan))
  return grid(
    'BEST PLANS',
    rows.map(([name]) => name),
    [
      { title: 'profit', cells: of(({ profit_usd }) => usd(profit_usd)), rank: 0 },
      { title: 'capital', cells: of(({ capital_usd }) => usd(capital_usd)), rank: 1 },
      { title: 'bad debt', cells: of(({ bad_debt_usd }) => usd(bad_debt_usd)), rank: 2 },
      {
        title: 'borrowers',
        cells: of(({ borrowers_lost_usd }) => usd(borrowers_lost_usd)),
        rank: 3,
      },
      { title: 'price to', cells: of((plan) => percent(plan.to, 0, 'plain')), rank: 4 },
      { title: 'blocks', cells: of(({ blocks }) => count(blocks)), rank: 5 },
    ],
    view,
  )
}

const KINDS: Readonly<Record<string, string>> = {
  oraclePush: 'push, liquidate',
  collateralPump: 'pump, borrow',
  sandwich: 'sandwich',
}

function guardLines(report: AttackReport, view: View): string[] {
  const { guards, found, corruption } = report
  if (guards.length === 0) return []
  const none = { same: found.best?.profit_usd ?? 0, found, corruption }
  const rows = [
    { name: 'none', ...none },
    ...guards.map(({ name, same_plan_usd: same, found: own, corruption: costs }) => {
      return { name, same, found: own, corruption: costs }
    }),
  ]
  const columns = [
    { title: 'that plan', cells: rows.map(({ same }) => usd(same)), rank: 2 },
    { title: 'best plan', cells: rows.map((row) => usd(bestOf(row.found))), rank: 0 },
    {
      title: 'capital',
      cells: rows.map((row) => usd(row.found.best?.capital_usd ?? null)),
      rank: 3,
    },
    { title: 'cost to corrupt', cells: rows.map((row) => usd(leastOf(row.corruption))), rank: 1 },
    {
      title: '',
      cells: rows.map((row) => (row.found.is_profitable ? 'pays' : 'ends it')),
      rank: 0,
    },
  ]
  return grid(
    'GUARD',
    rows.map(({ name }) => name),
    columns,
    view,
  )
}

function bestOf({ best }: FoundReport): number | null {
  return best === null ? null : best.profit_usd
}

function leastOf(costs: readonly CorruptionReport[]): number | null {
  const known = costs.flatMap(({ capital_usd }) => capital_usd ?? [])
  return known.length === 0 ? null : Math.min(...known)
}

function costLines({ corruption }: AttackReport, view: View): string[] {
  if (corruption.length === 0) return []
  const name = ({ protocol, asset, oracle, move }: CorruptionReport) => {
    const way = `${move > 0 ? '+' : '−'}${percent(Math.abs(move), 0, 'plain')}`
    return `${asset} ${way} for ${protocol} (${oracle})`
  }
  return grid(
    'COST TO CORRUPT',
    corruption.map(name),
    [
      { title: 'capital', cells: corruption.map((one) => usd(one.capital_usd)), rank: 0 },
      { title: 'lost by it', cells: corruption.map((one) => usd(one.loss_usd)), rank: 1 },
      { title: 'blocks', cells: corruption.map((one) => count(one.blocks)), rank: 2 },
    ],
    view,
  )
}

function poolLines({ pools }: AttackReport, view: View): string[] {
  return pools.flatMap(({ protocol, asset, venue, gain, toxic_loan_to_value: toxic }) =>
    wrap(
      `${protocol} reads ${asset} from ${venue}, where liquidators sell it: slices ` +
        `${gain > 1 ? 'pay' : 'do not pay'} (k = ${gain.toFixed(3)}), and above a loan-to-value of ` +
        `${percent(toxic, 1, 'plain')} those of the largest position make it worse.`,
      view.columns - 2,
    ).map(view.paint.quiet),
  )
}

function lastLines({ search, honest_usd, warnings }: AttackReport, view: View): string[] {
  const { quiet } = view.paint
  const whole = search.is_whole ? '' : ', a part of the grid'
  const text =
    `${count(search.plans)} plans tried, at most ${count(search.budget)} a search${whole}, and ` +
    `${count(search.pushes)} pushes. What a search does not find may still exist.`
  const honest =
    honest_usd >= 1
      ? [
          `Profits are above the ${usd(honest_usd)} that an honest liquidator with these means earns.`,
        ]
      : []
  const took = view.milliseconds === null ? [] : [`took ${(view.milliseconds / 1000).toFixed(1)} s`]
  const warned = warnings.map(({ code, text }) => `! ${text}   ${view.program} help ${code}`)
  return [text, ...honest, ...warned, ...took]
    .flatMap((line) => wrap(line, view.columns - 2))
    .map(quiet)
}

function usd(value: number | null): string {
  return minus(money(value === null ? null : value + 0, 'plain'))
}
