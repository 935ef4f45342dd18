import { describe, expect, it } from 'vitest'
import type { Report } from '../../src/report.ts'
import { largestAccount } from '../state/largest.ts'
import { explain } from './explain.ts'
import { runDraft } from './run.ts'

const known = new Map<string, ReturnType<typeof fresh>>()

/** A run and what is said of it, once for each scenario. */
function explained(entry: string) {
  const before = known.get(entry) ?? fresh(entry)
  known.set(entry, before)
  return before
}

async function fresh(entry: string) {
  const draft = { entry, text: null, overrides: [] }
  const { report } = await runDraft(draft, [], () => {})
  const account = largestAccount(report)
  const metrics = Object.keys(report.metrics)
  return { report, said: await explain({ draft, metrics, account }, []) }
}

describe('explaining a run', () => {
  it.each(['eth-lending', 'two-protocols', 'uniswap-thin'])(
    'law: the account of %s is worth its steps to the cent, as the engine has it',
    async (entry) => {
      const { report, said } = await explained(entry)
      const own = (report as Report).accounts.find(({ repaid_usd }) => repaid_usd > 0)!
      const { account, states } = said.account!
      expect(account).toBe(own.account)
      for (const { legs, weightedUsd, debtUsd, factor } of states) {
        for (const { units, price, weight, usd } of legs)
          expect(units * price * weight).toBeCloseTo(usd, 2)
        expect(weightedUsd / debtUsd).toBeCloseTo(factor!, 9)
      }
      const owed = states[0].legs
        .filter(({ isDebt }) => isDebt)
        .reduce((sum, { units, price }) => sum + units * price, 0)
      expect(owed).toBeCloseTo(own.debt_usd, 2)
      expect(states[1].factor!).toBeLessThanOrEqual(1 + 1e-9)
    },
  )

  it('default: what is worked out is what the first liquidation settles', async () => {
    const { said } = await explained('eth-lending')
    const [{ costUsd, worthUsd }] = said.account!.offers
    expect(costUsd).toBeCloseTo(525_000, 2)
    expect(worthUsd).toBeCloseTo(525_000 * 1.05, 2)
  })

  it.each(['eth-lending', 'slow-oracle', 'rules/perpetual'])(
    'law: every number of %s has its definition, and every asset its depth',
    async (entry) => {
      const { report, said } = await explained(entry)
      expect(said.metrics.map(({ name }) => name)).toEqual(Object.keys(report.metrics))
      expect(said.depth.length).toBeGreaterThan(0)
      expect(said.rules.length).toBe(report.book.protocols.length)
    },
  )
})
