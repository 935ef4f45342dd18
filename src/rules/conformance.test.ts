import { stepsMax } from '../analysis/position.ts'
import type { Protocol } from '../rules.ts'
import { aaveV2 } from './aaveV2.ts'
import { aaveV3 } from './aaveV3.ts'
import { rulesConformance } from './conformance.suite.ts'
import { lending } from './lending.ts'
import { stopOut } from './stopOut.ts'

const assets = [
  { asset: 0, threshold: 0.85, bonus: 0.04, protocolFee: 0.1 },
  { asset: 1, threshold: 0.825, bonus: 0.05, protocolFee: 0.1 },
  { asset: 2, threshold: 0.6, bonus: 0.15, protocolFee: 0.2 },
  { asset: 3, threshold: null, bonus: 0, protocolFee: 0 },
]
const correlated = { group: 3, assets: [{ asset: 1, threshold: 0.93, bonus: 0.01 }] }

/** Each settlement empties a leg. */
const legs = ({ book }: Protocol, account: number) => book.start[account + 1] - book.start[account]

/** Each settlement empties a collateral leg or takes a step on a debt leg. */
const steps = (closeFactor: number, dustUsd: number) => (protocol: Protocol, account: number) => {
  const { book, values } = protocol
  let sum = legs(protocol, account)
  for (let leg = book.start[account]; leg < book.start[account + 1]; leg++) {
    const worth = book.amount[leg] * values[book.slot[leg]]
    if (worth < 0) sum += stepsMax(closeFactor, -worth, dustUsd)
  }
  return sum
}

/**
 * Each settlement halves the whole debt, empties a leg, or leaves 1000 USD on one, which is next.
 */
const halvings = (protocol: Protocol, account: number) => {
  const { book, values } = protocol
  let debt = 0
  for (let leg = book.start[account]; leg < book.start[account + 1]; leg++) {
    debt += Math.max(0, -book.amount[leg] * values[book.slot[leg]])
  }
  return 2 * legs(protocol, account) + stepsMax(0.5, debt, 1000)
}

const whole = { closeFactor: 1, wholeBelow: 0, dustUsd: 0, target: null }

rulesConformance({
  rules: lending({ assets, ...whole }),
  groups: [0],
  stepsMax: legs,
  exceptions: {},
})

rulesConformance({
  rules: lending({ assets, closeFactor: 0.5, wholeBelow: 0.95, dustUsd: 10, target: null }),
  groups: [0],
  stepsMax: steps(0.5, 10),
  exceptions: {},
})

rulesConformance({
  rules: lending({ assets, closeFactor: 0.1, wholeBelow: 0, dustUsd: 10, target: null }),
  groups: [0],
  stepsMax: steps(0.1, 10),
  exceptions: {},
})

rulesConformance({
  rules: lending({ assets, ...whole, target: 1 }),
  groups: [0],
  stepsMax: (protocol, account) => 1 + legs(protocol, account),
  exceptions: {},
})

rulesConformance({
  rules: stopOut({ assets }),
  groups: [0],
  stepsMax: legs,
  exceptions: { value: 'what the debt does not need is the surplus of the borrower' },
})

rulesConformance({
  rules: aaveV2({ assets, dustUsd: 25 }),
  groups: [0],
  stepsMax: steps(0.5, 25),
  exceptions: { listed: 'repayable debt below dustUsd is left alone' },
})

rulesConformance({
  rules: aaveV3({ assets, eModes: [correlated] }),
  groups: [0, 3],
  stepsMax: halvings,
  exceptions: { anyBid: 'a bid that would leave dust is refused' },
})
