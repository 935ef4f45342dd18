import { describe, expect, it } from 'vitest'
import type { AttackReport, PlanReport } from '../../attack/report.ts'
import { paintFor, width } from '../paint.ts'
import type { View } from '../terminal.ts'
import { renderAttack } from './attack.ts'

const plan: PlanReport = {
  ...{ kind: 'oraclePush', asset: 'TAIL', venue: null, to: 0.75, blocks: 1, deposit_usd: 0 },
  ...{ outside_usd: 0, withdraws_depth: false, borrows: null, profit_usd: 2.4e6 },
  ...{ capital_usd: 2.2e6, bad_debt_usd: 457e3, borrowers_lost_usd: 2.9e6, is_reverted: false },
}
const pump: PlanReport = {
  ...{ ...plan, kind: 'collateralPump', to: 4.75, borrows: { protocol: 'market', asset: 'USDC' } },
  ...{ profit_usd: 893e3, capital_usd: 9e5, bad_debt_usd: 1.9e6, borrowers_lost_usd: 0, blocks: 8 },
}
const paid = { plans: 1700, is_profitable: true, best: plan, cheapest: pump, kinds: [plan, pump] }
const loss = { ...plan, profit_usd: -12.2, capital_usd: 2000 }
const unpaid = { plans: 1700, is_profitable: false, best: loss, cheapest: null, kinds: [loss] }
const corruption = [
  {
    ...{ protocol: 'market', asset: 'TAIL', oracle: 'spot', move: 0.2, capital_usd: 192e3 },
    ...{ loss_usd: 1e3, blocks: 1 },
  },
  {
    ...{ protocol: 'market', asset: 'TAIL', oracle: 'spot', move: -0.2, capital_usd: null },
    ...{ loss_usd: null, blocks: null },
  },
]
const guard = (name: string, found: AttackReport['found']) => ({
  ...{ name, set: {}, same_plan_usd: -8e3, found, corruption },
})
const report: AttackReport = {
  ...{ schema: 'firebreak.attack/1', scenario: 'thin', run_id: '0123456789abcdef' },
  ...{ engine_version: '0.1.0', seed: 42, path: 0, synthetic: true, data: [] },
  attacker: {
    ...{ cash_usd: 1e6, flash_usd: 1e7, min_profit_usd: 1e3, blocks: 30, block_seconds: 12 },
  },
  ...{ honest_usd: 5e4, found: paid, corruption, warnings: [] },
  pools: [
    { protocol: 'market', asset: 'TAIL', venue: 'pool', gain: 1.097, toxic_loan_to_value: 0.729 },
  ],
  guards: [guard('mean of 30 min', unpaid), guard('breaker', paid)],
  search: { budget: 1700, plans: 5000, pushes: 800, is_whole: true },
}
const view: View = {
  ...{ columns: 100, paint: paintFor('none'), unicode: true, program: 'firebreak', entry: '' },
  ...{ gates: [], saved: null, milliseconds: null },
}
const sentence = (of: Partial<AttackReport>) =>
  renderAttack({ ...report, ...of }, view)
    .split('\n\n')[1]
    .replaceAll(/\s+/g, ' ')

describe('renderAttack', () => {
  it.each([60, 80, 100])('law: in %i columns nothing is wider', (columns) => {
    const page = renderAttack(report, { ...view, columns })
    for (const line of page.split('\n')) expect(width(line)).toBeLessThanOrEqual(columns)
    expect(page).not.toMatch(/NaN|undefined|Infinity|null/)
    for (const word of ['BEST PLANS', 'GUARD', 'COST TO CORRUPT', 'push, liquidate', 'ends it'])
      expect(page).toContain(word)
  })

  it('behaviour: the sentence says what pays, who loses, and what ends it', () => {
    expect(sentence({})).toBe(
      ' An attacker makes $2.4M: it pushes TAIL down by 25% for one block, with lent money, and ' +
        'liquidates whom that breaches; lenders lose $457k, borrowers $2.9M. Of the guards tried, ' +
        'mean of 30 min ends it.',
    )
    expect(sentence({ found: { ...paid, best: pump }, guards: [] })).toBe(
      ' An attacker makes $893k: it drives TAIL to 4.8 times its price for 8 blocks, and borrows ' +
        'USDC from market against it and leaves; lenders lose $1.9M.',
    )
    const short = { ...plan, outside_usd: -5e4, blocks: 2, venue: 'pool' }
    expect(sentence({ found: { ...paid, best: short } })).toContain(
      'pushes TAIL on pool down by 25% for 2 blocks, and is short $50k outside',
    )
  })

  it('behaviour: it says so where nothing pays, or nothing can be tried', () => {
    expect(sentence({ found: unpaid })).toBe(
      ' No attack with $1.0M was found to pay: the best of 1,700 plans loses $12.',
    )
    const nothing = { plans: 0, is_profitable: false, best: null, cheapest: null, kinds: [] }
    expect(sentence({ found: nothing })).toContain('Nothing here can be attacked')
  })

  it('behaviour: guards that all or none of them end it', () => {
    const all = [guard('a', unpaid), guard('b', unpaid)]
    expect(sentence({ guards: all })).toContain('Each of the guards tried ends it.')
    expect(sentence({ guards: [guard('a', paid)] })).toContain('None of the guards tried')
    const two = [...all, guard('c', paid)]
    expect(sentence({ guards: two })).toContain('Of the guards tried, a and b end it.')
  })
})
