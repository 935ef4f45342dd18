import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { randomAt } from '../math/random.ts'
import { aimed, type Call, type Draw, differenceOf } from './aaveV3.compare.suite.ts'
import {
  borrowIndexAfter,
  liquidationCall,
  type TwinAccount,
  type TwinMode,
  type TwinReserve,
  type Version,
} from './aaveV3.twin.suite.ts'

const SEED = 20260726
const CASES = 600
const RAY = 10n ** 27n
const VERSIONS: Version[] = ['3.0', '3.1', '3.2', '3.3', '3.4', '3.5', '3.6', '3.7']

const reserve = (decimals: number, usd: number, terms: readonly number[]): TwinReserve => ({
  unit: 10n ** BigInt(decimals),
  price: BigInt(Math.round(usd * 1e8)),
  threshold: BigInt(terms[0]),
  bonus: BigInt(terms[1]),
  protocolFee: BigInt(terms[2]),
  supplyIndex: RAY,
  borrowIndex: RAY,
})

describe('liquidationCall in integers, against the worked numbers of the sheet', () => {
  const reserves = [reserve(6, 1, [7800, 10450, 1000]), reserve(18, 1900, [8250, 10500, 1000])]
  const account: TwinAccount = {
    supplied: [0n, 10n * 10n ** 18n],
    owed: [16_000_000_000n, 0n],
    isCollateral: [false, true],
    mode: null,
  }
  const all = 2n ** 256n - 1n

  it.each([
    ['3.0', 4_400_000_000_000_000_000n, 21_052_631_578_947_368n],
    ['3.6', 4_400_000_000_000_000_000n, 21_052_631_578_947_368n],
    ['3.7', 4_399_999_999_999_999_999n, 21_052_631_578_947_369n],
  ] as const)('default: v%s closes half at a health factor of 0.9796875', (version, taken, fee) => {
    const done = liquidationCall(version, reserves, account, 1, 0, all)
    expect(done).toMatchObject({ reason: '', fee, sale: { need: 8_000_000_000n } })
    if (done.reason !== '') return
    expect(done.sale.take - done.fee).toBe(taken)
    expect(done.after.supplied[1]).toBe(5_578_947_368_421_052_632n)
  })

  it('default: then v3.6 closes all of it at 1300, and the rest is deficit', () => {
    const half = liquidationCall('3.6', reserves, account, 1, 0, all)
    if (half.reason !== '') throw new Error('the first call is done')
    const lower = [reserves[0], { ...reserves[1], price: 130_000_000_000n }]
    const rest = liquidationCall('3.6', lower, half.after, 1, 0, all)
    expect(rest).toMatchObject({
      reason: '',
      fee: 26_566_416_040_100_251n,
      sale: { need: 6_907_268_170n, take: 5_578_947_368_421_052_632n },
      deficit: [1_092_731_830n, 0n],
    })
  })

  it('default: a year at 5 % in three terms', () => {
    expect(borrowIndexAfter('3.6', RAY, RAY / 20n, 31_536_000n)).toBe(
      1_051_270_833_333_333_333_333_333_333n,
    )
  })
})

describe('float rules against integers', () => {
  it.each(VERSIONS)('law: v%s agrees on amounts and on every decision', (version) => {
    const random = randomAt(SEED, Number(version.slice(2)))
    let [edges, done, dust, largest] = [0, 0, 0, 0]
    for (let n = 0; n < CASES; n++) {
      const call = aimed(
        randomCall(version, (draw) => random.uniform(n, 1, draw)),
        (draw) => random.uniform(n, 2, draw),
      )
      const outcome = liquidationCall(
        ...([version, call.reserves, call.account, call.own, call.other, call.cover] as const),
      )
      const { isSame, isEdge, error } = differenceOf(call, outcome)
      const near = isEdge && (!isSame || error > 1e-9)
      if (near) edges++
      else {
        expect(isSame, `case ${n} of seed ${SEED}: ${outcome.reason}`).toBe(true)
        expect(error, `case ${n} of seed ${SEED}`).toBeLessThan(1e-9)
        largest = Math.max(largest, error)
      }
      done += +(outcome.reason === '')
      dust += +(outcome.reason === 'dust')
    }
    expect(edges).toBeLessThan(CASES / 10)
    expect(done).toBeGreaterThan(CASES / 2)
    expect(dust > 20).toBe(Number(version.slice(2)) >= 3)
    const source = 'aave-dao/aave-v3-origin, rule sheet'
    recordComparison({
      ...{ protocol: 'aaveV3', version, source, against: 'twin', cases: CASES },
      largestError: largest,
    })
  })
})

const MODES: readonly TwinMode[] = [
  { threshold: 9500n, bonus: 10100n, reserves: [1, 4] },
  { threshold: 9300n, bonus: 10200n, reserves: [0, 3] },
]

/** One to three collaterals, one to three debts, indices up to 1.5, in a category or in none. */
function randomCall(version: Version, u: Draw): Call {
  const table = [
    reserve(6, 1, [7800, 10450, 1000]),
    reserve(18, 1900, [8250, 10500, 1000]),
    reserve(8, 64_000, [7500, 10650, 2000]),
    reserve(18, 1, [7700, 10400, 0]),
    reserve(18, 2250, [7933, 10701, 1533]),
  ]
  const grown = (draw: number) => RAY + BigInt(Math.floor(u(draw) * 5e8)) * 10n ** 18n
  const reserves = table.map((of, i) => ({
    ...of,
    supplyIndex: grown(10 + i),
    borrowIndex: grown(20 + i),
  }))
  const size = u(0) < 0.5 ? 1000 + 11_000 * u(1) : 300 * 10 ** (4 * u(1))
  const chosen = (from: number) => {
    const first = Math.floor(u(from) * 5)
    return table.map((_, i) => i === first || u(from + 1 + i) < 0.25)
  }
  const isCollateral = chosen(30)
  const isDebt = chosen(40)
  const amounts = (is: readonly boolean[], from: number) =>
    table.map(({ unit, price }, i) => {
      const usd = is[i] ? size * (0.1 + u(from + i)) : 0
      return (BigInt(Math.round(usd * 1e8)) * unit) / price
    })
  const supplied = amounts(isCollateral, 50)
  const owed = amounts(isDebt, 60)
  if (u(3) < 0.3)
    owed[0] = (BigInt(Math.floor((1998 + 4 * u(4)) * 1e6)) * RAY) / reserves[0].borrowIndex
  const mode = u(2) < 0.6 ? null : MODES[u(2) < 0.8 ? 0 : 1]
  const account = { supplied, owed, isCollateral, mode }
  return { version, reserves, modes: MODES, account, own: 0, other: 0, cover: 0n }
}
