/** The laws of all rules, for those that hold something themselves. */

import { ajna } from './ajna.ts'
import { comet } from './comet.ts'
import { rulesConformance } from './conformance.suite.ts'
import { deployed } from './crvUsd.suite.ts'
import { crvUsd } from './crvUsd.ts'
import { fluid } from './fluid.ts'
import { liquityV1 } from './liquityV1.ts'
import { liquityV2 } from './liquityV2.ts'
import { ethA } from './makerClip.suite.ts'
import { makerClip } from './makerClip.ts'
import { makerFlip } from './makerFlip.ts'

const [DEBT, ETH, OTHER] = [0, 1, 2]

const instant = 'without time an offer is settled at the worth of what is sold, as the page says'
const shared = 'a settlement moves what other accounts share'
const call = 'a call, or one offer for all legs'
const repeats = 'the first crossing of these rules is not of the declared one-step kinds'
const ownPrice = 'the price is not the published one: bands, buckets, a debt counted at par'
const oneDebt = 'one debt asset, or none of the numbers that are scaled'

rulesConformance({
  rules: comet({
    assets: [
      { asset: DEBT, threshold: null, liquidationFactor: 1 },
      { asset: ETH, threshold: 0.8, liquidationFactor: 0.93 },
      { asset: OTHER, threshold: 0.7, liquidationFactor: 0.9 },
    ],
    ...{ base: DEBT, storeFrontPriceFactor: 0.6, reservesUnits: 1e5, targetReservesUnits: 1e9 },
    ...{ gas: { absorb: 300_000, buy: 150_000 }, absorbPaused: false, buyPaused: false },
  }),
  groups: [0],
  stepsMax: () => 4,
  exceptions: {
    listed: call,
    gives: instant,
    legs: shared,
    anyBid: call,
    sale: repeats,
    table: oneDebt,
  },
})

rulesConformance({
  rules: fluid({
    vaults: [1, 2].map((collateral, v) => ({
      ...{ group: v + 1, collateral, debt: DEBT, threshold: 0.85, maxLimit: 0.92, penalty: 0.02 },
      ...{ collateralDecimals: 18, debtDecimals: 18 },
    })),
    absorbGas: 300_000,
  }),
  groups: [1, 2],
  stepsMax: () => 50,
  exceptions: {
    gives: call,
    legs: shared,
    anyBid: call,
    sale: repeats,
    value: repeats,
    listed: call,
  },
})

const trove = { poolUnits: 1e5, poolSells: 0.02 }
rulesConformance({
  rules: liquityV1({
    ...{ collateral: ETH, debt: DEBT, ...trove, mcr: 1.1, ccr: 1.5, gasReserveUnits: 200 },
  }),
  groups: [0],
  stepsMax: () => 1,
  exceptions: {
    ...{ price: shared, listed: shared, gives: instant, legs: shared, value: instant },
    ...{ sale: repeats, anyBid: call, table: oneDebt },
  },
})

rulesConformance({
  rules: liquityV2({
    debt: DEBT,
    branches: [1, 2].map((collateral, b) => ({
      ...{ group: b + 1, collateral, mcr: 1.1, scr: 1.1, poolPenalty: 0.05, sharedPenalty: 0.1 },
      ...trove,
    })),
  }),
  groups: [1, 2],
  stepsMax: () => 1,
  exceptions: {
    ...{ price: shared, listed: shared, gives: instant, legs: shared, value: instant },
    ...{ sale: repeats, anyBid: call, table: oneDebt },
  },
})

rulesConformance({
  rules: makerFlip({
    assets: [
      { asset: DEBT, threshold: null },
      { asset: ETH, threshold: 0.66 },
      { asset: OTHER, threshold: 0.6 },
    ],
    ...{ dai: DEBT, penalty: 0.13, lotUnits: 50, beg: 0.05, ttlSeconds: 600, tauSeconds: 7200 },
    gas: { bite: 1, tend: 1, deal: 1 },
  }),
  groups: [0],
  stepsMax: () => 20,
  exceptions: {
    ...{ price: ownPrice, listed: call, gives: instant, legs: shared, value: instant },
    sale: repeats,
    ...{ anyBid: call, table: oneDebt },
  },
})

rulesConformance({
  rules: makerClip(ethA),
  groups: [0],
  stepsMax: () => 20,
  exceptions: {
    ...{ price: ownPrice, listed: call, gives: instant, legs: shared, value: instant },
    sale: repeats,
    ...{ anyBid: call, table: oneDebt },
  },
})

rulesConformance({
  rules: crvUsd(deployed),
  groups: [0],
  stepsMax: () => 2,
  exceptions: {
    ...{ price: ownPrice, listed: call, gives: instant, legs: shared, value: ownPrice },
    ...{ sale: repeats, anyBid: call, table: oneDebt },
  },
})

rulesConformance({
  rules: ajna({
    ...{ collateral: ETH, quote: DEBT, npTpRatio: 1.1, lendersFollow: 'published' },
    ...{ reservesUnits: 1e4, buckets: [{ price: 1800, depositUnits: 1e9 }] },
  }),
  groups: [0],
  stepsMax: () => 3,
  exceptions: {
    ...{ price: ownPrice, listed: call, gives: instant, legs: shared, value: ownPrice },
    ...{ sale: repeats, anyBid: call, table: oneDebt },
  },
})
