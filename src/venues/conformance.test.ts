import type { Beyond } from '../venue.ts'
import { concentrated } from './concentrated.ts'
import { conformance } from './conformance.suite.ts'
import type { Case } from './conformanceCase.suite.ts'
import { constantProduct } from './constantProduct.ts'
import { impactCurve } from './impactCurve.ts'
import { orderBook } from './orderBook.ts'
import { quoteLadder } from './quoteLadder.ts'
import { type RedemptionSpec, redemption } from './redemption.ts'
import { stableSwap } from './stableSwap.ts'

const BEYONDS: readonly Beyond[] = ['wall', 'linear', 'sqrt']
const noCurve = { coefficient: 0, crossover: 0 }
const oneSided = 'bids only: nobody recorded asks'
const inputFee = 'the fee is taken from what comes in'
const redeems = 'a claim is redeemed, and nobody mints it'
const ends = 'a rate that stands until the capacity ends'
const steps = 'bids are discrete: the price jumps from level to level'

// One venue of every model and every `beyond`.
const cases: readonly Case[] = [
  ...BEYONDS.flatMap((beyond) => edgedCases(beyond)),
  ...(['arbitrage', 'cash'] as const).flatMap((reprice) => poolCases(reprice)),
  {
    title: 'impactCurve none',
    make: () => impactCurve({ ...common('wall'), shape: 'none', ...noCurve, observedUnits: null }),
    units: 1000,
    exceptions: {},
  },
  {
    title: 'impactCurve none, wall at 500',
    make: () => impactCurve({ ...common('wall'), shape: 'none', ...noCurve, observedUnits: 500 }),
    units: 300,
    exceptions: { steps: 'a price that never moves until it ends' },
  },
  {
    title: 'stableSwap',
    make: () =>
      stableSwap({
        ...common('wall'),
        outside: 0.9995,
        amplification: 50,
        baseBalance: 12_000,
        quoteBalance: 9000,
      }),
    units: 6000,
    exceptions: {},
  },
]

const flat: RedemptionSpec = {
  ...common('wall'),
  rate: 2000,
  capacity: 700,
  feePerShare: 0,
  supply: null,
  waitSeconds: 0,
  yearRate: 0,
  mints: 0,
  pays: null,
}

function redemptionCases(): Case[] {
  const rising = { feePerShare: 0.5, supply: 9000, waitSeconds: 432_000, yearRate: 0.05 }
  return [
    {
      title: 'redemption at a flat fee',
      make: () => redemption(flat),
      units: 500,
      exceptions: { oneSided: redeems, steps: ends },
    },
    {
      title: 'redemption that mints',
      make: () => redemption({ ...flat, mints: 400 }),
      units: 500,
      exceptions: { steps: ends },
    },
    {
      title: 'redemption at a rising fee, paid later',
      make: () => redemption({ ...flat, ...rising }),
      units: 500,
      exceptions: { oneSided: redeems, steps: ends },
    },
    {
      title: 'redemption in kind',
      make: () => redemption({ ...flat, pays: 2 }),
      units: 500,
      exceptions: { oneSided: redeems, pathDependent: 'what it hands out is sold too' },
    },
  ]
}

function common(beyond: Beyond) {
  return { name: 'venue', base: 1, quoteAsset: 0, outside: 2000, fee: 0.003, asOf: null, beyond }
}

function edgedCases(beyond: Beyond): Case[] {
  const book = {
    ...common(beyond),
    price: [1999, 1995, 1990, 1970, 1900, 1750, 1500],
    size: [5, 10, 40, 20, 150, 300, 100],
  }
  const curve = { ...common(beyond), crossover: 20, observedUnits: 700 }
  return [
    {
      title: `orderBook absolute, ${beyond}`,
      make: () => orderBook({ ...book, levels: 'absolute' }),
      units: 500,
      exceptions: { oneSided, steps },
    },
    {
      title: `orderBook relative, ${beyond}`,
      make: () => orderBook({ ...book, levels: 'relative' }),
      units: 500,
      exceptions: { oneSided, steps },
    },
    {
      title: `concentrated, ${beyond}`,
      make: () =>
        concentrated({
          ...common(beyond),
          bound: [1200, 1400, 1700, 1900, 1980, 2020, 2500],
          liquidity: [9000, 20_000, 0, 40_000, 150_000, 20_000],
        }),
      units: 60,
      exceptions: { steps: 'an empty range is jumped', inputFee },
    },
    {
      title: `quoteLadder, ${beyond}`,
      make: () =>
        quoteLadder({
          ...common(beyond),
          amountIn: [300, 1, 3, 10, 30, 100, 1000],
          amountOut: [570_000, 2000, 6010, 19_960, 59_400, 196_000, 1_700_000],
        }),
      units: 800,
      exceptions: { oneSided },
    },
    ...(
      [
        ['linear', 0.5],
        ['exponential', 5e-4],
        ['squareRoot', 0.01],
      ] as const
    ).map(([shape, coefficient]) => ({
      title: `impactCurve ${shape}, ${beyond}`,
      make: () => impactCurve({ ...curve, shape, coefficient }),
      units: 600,
      exceptions: {},
    })),
  ]
}

function poolCases(reprice: 'arbitrage' | 'cash'): Case[] {
  const pool = { ...common('wall'), reserve: 1000, reprice }
  return [
    {
      title: `constantProduct, ${reprice}`,
      make: () => constantProduct({ ...pool, keepsFee: false }),
      units: 400,
      exceptions: { inputFee },
    },
    {
      title: `constantProduct keeping its fee, ${reprice}`,
      make: () => constantProduct({ ...pool, keepsFee: true }),
      units: 400,
      exceptions: { pathDependent: 'the fee joins the reserves, so slicing changes the end' },
    },
  ]
}

for (const subject of [...cases, ...redemptionCases()]) conformance(subject)
