import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomAt } from '../../src/math/random.ts'
import { aimed, differenceOf } from '../../src/rules/aaveV3.compare.suite.ts'
import {
  liquidationCall,
  type TwinMode,
  type TwinOutcome,
} from '../../src/rules/aaveV3.twin.suite.ts'
import { recordComparison } from '../comparisons.suite.ts'
import { deployMarket, LISTINGS, type Market } from './aaveMarket.suite.ts'
import {
  borrowerAt,
  type Chain,
  chainState,
  type DrawAt,
  modesOf,
  openBatch,
  reservesAt,
  send,
} from './aaveV3.suite.ts'
import { type Evm, hasDifferential, startEvm, withPackages } from './evm.suite.ts'

const SEED = 20260727
const CASES = 600
const BATCH = 24
const CALLS = 4
const random = randomAt(SEED, 0)
const at: DrawAt = (n, purpose) => (draw) => random.uniform(n, purpose, draw)

const sources = {
  '3.0': '@aave/core-v3 1.19.3, shipped artifacts',
  '3.6': '@aave-dao/aave-v3-origin 3.6.0, solc 0.8.27',
}

describe.skipIf(!hasDifferential())(withPackages('Aave v3 against its bytecode'), () => {
  describe.each(['3.0', '3.6'] as const)('v%s', (version) => {
    let evm: Evm
    let market: Market
    beforeAll(async () => {
      evm = await startEvm()
      market = await deployMarket(evm, version)
    })
    afterAll(() => evm?.close())

    it('law: chain and integers agree to the wei, and the float rules with both', async () => {
      const seen = { cases: 0, done: 0, healthy: 0, dust: 0, bare: 0, inMode: 0, edges: 0 }
      const modes = modesOf(market)
      let largestError = 0
      for (let from = 0; seen.cases < CASES; from += BATCH) {
        const groups = await openBatch(market, from, from + BATCH, at)
        for (let n = from; n < from + BATCH; n++)
          for (let k = 0; k < CALLS; k++) {
            const one = await oneCall(n, k, modes, groups[n - from])
            if (one === null) break
            seen.cases++
            seen[one.outcome.reason === '' ? 'done' : (one.outcome.reason as 'dust')]++
            seen.bare += +one.isBare
            seen.inMode += +(groups[n - from] > 0)
            if (one.isExcused) seen.edges++
            else largestError = Math.max(largestError, one.error)
          }
      }
      expect(seen.edges).toBeLessThan(seen.cases / 10)
      for (const kind of ['done', 'healthy', 'inMode', 'bare'] as const)
        expect(seen[kind], kind).toBeGreaterThan(20)
      expect(seen.dust > 20, 'dust').toBe(version !== '3.0')
      recordComparison({
        ...{ protocol: 'aaveV3', version, source: sources[version], against: 'bytecode' },
        ...{ cases: seen.cases, largestError },
      })
    })

    /** The k-th call on the n-th borrower; null once there is nothing to exchange. */
    async function oneCall(n: number, k: number, modes: readonly TwinMode[], group: number) {
      const who = borrowerAt(n)
      const u = at(n, 1 + k)
      const before = await chainState(market, who, modes[group - 1] ?? null)
      const { account } = before
      if (account.owed.every((scaled) => scaled === 0n) || !account.isCollateral.includes(true))
        return null
      const seconds = (await evm.now()) + 1 + Math.floor(3 * 86_400 * u(10))
      const prices = LISTINGS.map(({ price }, i) =>
        BigInt(Math.round(price * (0.9 + 0.2 * u(20 + i)) * 1e8)),
      )
      const reserves = reservesAt(version, before, prices, seconds)
      const call = aimed({ version, reserves, modes, account, own: 0, other: 0, cover: 0n }, u)
      const { own, other, cover } = call
      const outcome = liquidationCall(version, call.reserves, account, own, other, cover)
      const name = `borrower ${n}, call ${k} of seed ${SEED}`
      expect(await send(market, who, call, seconds), name).toBe(outcome.reason)
      const after = await chainState(market, who, account.mode)
      expect(moved(before, after), name).toEqual(expected(before, outcome, own, other))
      const { isSame, isEdge, error } = differenceOf(call, outcome)
      const isExcused = isEdge && (!isSame || error > 1e-9)
      if (!isExcused) {
        expect(isSame, name).toBe(true)
        expect(error, name).toBeLessThan(1e-9)
      }
      const isBare = outcome.reason === '' && !outcome.after.isCollateral.includes(true)
      return { outcome, isBare, isExcused, error }
    }
  })
})

/** What the chain did: balances of the account, and what the others got. */
function moved(before: Chain, after: Chain) {
  const gained = (of: 'treasury' | 'liquidator' | 'deficit') =>
    after[of].map((units, i) => units - before[of][i])
  return {
    account: after.account,
    treasury: gained('treasury'),
    liquidator: gained('liquidator'),
    deficit: gained('deficit'),
  }
}

/** The same as the integers have it. */
function expected(before: Chain, outcome: TwinOutcome, own: number, other: number) {
  const none = before.data.map(() => 0n)
  if (outcome.reason !== '')
    return { account: before.account, treasury: none, liquidator: none, deficit: none }
  const { after, deficit, sale, fee, feeScaled } = outcome
  return {
    account: after,
    treasury: none.with(own, feeScaled),
    liquidator: none.map(
      (_, i) => (i === own ? sale.take - fee : 0n) - (i === other ? sale.need : 0n),
    ),
    deficit,
  }
}
