/** Fluid: positions in ticks, liquidated just so far that their ratio is back at the threshold. */

import { bookFrom, type Leg, type Slots } from '../book.ts'
import { page } from '../codes.ts'
import { assert } from '../errors.ts'
import { pow } from '../math/exponential.ts'
import { asset, fromZero, type Given, groups, number, or, ratio } from '../parameters.ts'
import type { Rules } from '../rules.ts'
import type { Positions } from '../scenario.ts'
import { listPosition, settlePosition } from './fluid/positions.ts'
import { ratioAt, tickFor } from './fluid/ticks.ts'
import {
  ABSORBED,
  collateralSlot,
  debtSlot,
  type FluidVault,
  listAbsorbed,
  nothingAbsorbed,
  sellAbsorbed,
} from './fluid/vaults.ts'
import { check, interestAt, rates } from './terms.ts'

const parameters = {
  vaults: groups('Vaults by name; a position names its own as its group.', {
    collateral: asset('Asset that backs the positions.'),
    debt: asset('Asset that they owe.'),
    threshold: ratio('Liquidation threshold.'),
    maxLimit: ratio('Limit above which a position is absorbed whole.'),
    penalty: ratio('What a liquidator gets above the debt repaid, as a fraction of it.'),
    collateralDecimals: or(number('Decimals of the collateral: where ticks lie.', fromZero), 18),
    debtDecimals: or(number('Decimals of the debt.', fromZero), 18),
    ...rates,
  }),
  absorbGas: number('Gas of absorbing a position.', fromZero),
}

/**
 * Rules of Fluid's vaults of type 1.
 *
 * | native word                | here                                                          |
 * | -------------------------- | ------------------------------------------------------------- |
 * | vault, NFT                 | group; account with one collateral and one debt leg in it     |
 * | colRaw, debtRaw            | legs                                                          |
 * | exchange prices            | indices                                                       |
 * | tick, ratio                | debt / collateral in smallest units = 1.0015^tick             |
 * | liquidationThreshold       | `threshold`                                                   |
 * | liquidationMaxLimit        | `maxLimit`                                                    |
 * | liquidationPenalty         | `penalty`                                                     |
 * | liquidate(debtAmt)         | one offer per account above the liquidation tick              |
 * | absorb, absorbedLiquidity  | a call per account above the limit; an offer of nobody's      |
 * | branch, debtFactor         | none: every account carries its own legs                      |
 *
 * Rule:       At the opening a position is put into the tick above its ratio, and its debt rounded
 *             up to that tick. Breached iff collateral x price x threshold < debt. A breached
 *             position is sold until its ratio is that of the liquidation tick, the highest at or
 *             below price x threshold: repaid = (debt - ratio x collateral) / (1 - c x ratio),
 *             seized = repaid x c, c = debt price / price x (1 + penalty); no close factor. A
 *             position whose tick is above that of price x maxLimit is not sold but absorbed whole;
 *             what a vault absorbed is sold for the debt that came with it, in proportion. A bid
 *             for a part must repay at least 1e-9 of the debt of its vault.
 *             All positions of a vault sell at one price, and a position ends where it ends however
 *             its way there is cut. So the end of a full liquidation is that of the chain, which
 *             takes the top tick down to the next, merges the two, and goes on.
 * Units:      fractions; gas in units of gas. An absorb moves collateral ACCOUNTS -> ITEMS and the
 *             debt the other way (ITEMS then holds -debt); its sale closes both. A liquidation
 *             leaves 1e-12 of the collateral with the vault (ACCOUNTS -> RESERVE), as the chain
 *             does: the position then stands in the tick above.
 * Shape:      group n is the n-th vault, from 1; there is no group 0. `Offers.own` is the
 *             collateral leg, of what was absorbed the vault; `other` is 0 for a liquidation, 1 for
 *             an absorb, 2 for what was absorbed.
 * Source:     Instadapp/fluid-contracts-public, contracts/protocols/vault/vaultT1/coreModule,
 *             main.sol operate(), liquidate(), main2.sol absorb(), helpers.sol
 *             _addDebtToTickWrite(), commit a9949b48
 * Simplifies: no rounding of integers. The debt of a leg is that of its tick, up to 0.15 % above
 *             what its owner owes (the dust debt, which the chain takes off when the owner comes
 *             back); reports count it. Nor is the 0.01 % taken that a liquidated owner loses then.
 *             A partial liquidation takes the accounts that bidders choose, not the top tick.
 *             Absorbs are calls of their own, account by account; on the chain the next liquidation
 *             makes them all. Absorbed debt bears no interest, and stays with the vault while
 *             nobody wants it.
 *             Instant (taker -1): a position above the limit is sold whole at once: collateral for
 *             the debt, or for its worth where that is less; the rest is bad debt.
 * Assumes:    one price for borrowing and liquidating; an account holds a position in one vault.
 * Throws:     ParameterError on parameters outside their range, and on an account in two vaults.
 */
export function fluid(of: Given<typeof parameters>): Rules {
  checkFluid(of)
  const vaults = of.vaults.map(vaultOf)
  const slots = slotsOf(vaults)
  const factor = vaults.flatMap(({ threshold }) => [threshold, 1])
  const rate = of.vaults.flatMap(({ supplyRate = 0, borrowRate = 0 }) => [supplyRate, borrowRate])
  const slotOf = (asset: number, side: 1 | -1, group: number): number => {
    const vault = vaults[group - 1]
    if (vault === undefined || asset !== (side > 0 ? vault.collateral : vault.debt)) return -1
    return side > 0 ? collateralSlot(group - 1) : debtSlot(group - 1)
  }
  return {
    name: 'fluid',
    slots,
    edge: 'below',
    sale: 'repeated',
    steps: stepsOf(vaults),
    slotOf,
    terms(asset, group) {
      const { threshold, penalty: bonus } = vaults[group - 1] ?? NO_TERMS
      return slotOf(asset, 1, group) < 0 ? null : { threshold, bonus }
    },
    value({ values, prices, confidence, index }) {
      for (let s = 0; s < slots.count; s++) {
        const asset = slots.asset[s]
        const price = prices[asset] - slots.side[s] * confidence[asset]
        values[s] = Math.max(0, price) * factor[s] * index[s]
      }
    },
    ...interestAt(Float64Array.from(rate)),
    book: (positions) => bookFrom(positions.accounts.length, legsOf(vaults, slotOf, positions)),
    items: () => nothingAbsorbed(vaults.length),
    standing: (protocol, _, out) => listAbsorbed(vaults, protocol, out),
    offers: (protocol, account, out) => listPosition(vaults, of.absorbGas, protocol, account, out),
    settle(protocol, offers, offer, bid, out) {
      out.moves.count = 0
      out.seized = out.fee = out.surplus = out.repaid = 0
      const v = offers.own[offer]
      return offers.other[offer] === ABSORBED
        ? sellAbsorbed(vaults[v], v, protocol, bid, out.moves)
        : settlePosition(vaults, protocol, offers, offer, bid, out)
    },
    scaled(parameter, by) {
      if (parameter === 'closeFactor') return null
      return fluid({ ...of, vaults: of.vaults.map((vault) => scaledVault(vault, parameter, by)) })
    },
  }
}

fluid.parameters = parameters
fluid.codes = {
  FB2288: page(
    'There is no vault, one has the same asset twice, or groups are out of order.',
    'Give each vault its collateral and its debt.',
  ),
  FB2289: page(
    'Threshold, limit and penalty of a vault do not fit together.',
    'Keep threshold <= maxLimit < 1 and maxLimit x (1 + penalty) below 1.',
  ),
  FB2290: page(
    'Decimals of a vault are no whole number, or gas is negative.',
    'Write decimals like 18 and gas like 250k.',
  ),
  FB2291: page(
    'An account holds positions in two vaults.',
    'Give each position an account of its own.',
  ),
}

type Spec = Given<typeof parameters>
type VaultSpec = Spec['vaults'][number]

const NO_TERMS = { threshold: 0, penalty: 0 }

function vaultOf(of: VaultSpec): FluidVault {
  const { collateral, debt, threshold, maxLimit, penalty } = of
  const scale = pow(10, of.debtDecimals - of.collateralDecimals)
  return { collateral, debt, threshold, maxLimit, penalty, scale }
}

function slotsOf(vaults: readonly FluidVault[]): Slots {
  return {
    count: 2 * vaults.length,
    asset: Uint16Array.from(vaults.flatMap(({ collateral, debt }) => [collateral, debt])),
    side: Int8Array.from(vaults.flatMap(() => [1, -1])),
    group: Uint16Array.from(vaults.flatMap((_, v) => [v + 1, v + 1])),
  }
}

/** Where absorbing begins: of a new position, and of one that a liquidation left above its tick. */
function stepsOf(vaults: readonly FluidVault[]): number[] {
  return vaults.flatMap(({ threshold, maxLimit }) => {
    const step = threshold / maxLimit
    return [step, step * ratioAt(1)].filter((factor) => factor < 1)
  })
}

/** Legs of positions, every debt that has collateral at the tick above it. */
function legsOf(
  vaults: readonly FluidVault[],
  slotOf: Rules['slotOf'],
  positions: Positions,
): readonly Leg[] {
  const { account, asset, side, group, amount, accounts } = positions
  const vaultOfAccount = new Map<number, number>()
  const backing = new Map<number, number>()
  for (let k = 0; k < amount.length; k++) {
    const before = vaultOfAccount.get(account[k]) ?? group[k]
    const isOne = before === group[k]
    check(isOne, 'FB2291', 'positions', 'an account is in one vault', accounts[account[k]])
    vaultOfAccount.set(account[k], group[k])
    if (side[k] > 0) backing.set(account[k], amount[k])
  }
  return Array.from(amount, (units, k) => {
    const slot = slotOf(asset[k], side[k] > 0 ? 1 : -1, group[k])
    assert(slot >= 0, 'positions are in slots of the rules')
    const of = account[k]
    if (side[k] > 0) return { account: of, slot, amount: units }
    const debt = debtAtTick(units, backing.get(of) ?? 0, vaults[group[k] - 1])
    return { account: of, slot, amount: -debt }
  })
}

function debtAtTick(debt: number, units: number, { scale }: FluidVault): number {
  if (!(units > 0 && debt > 0)) return debt
  return (units * ratioAt(tickFor((debt / units) * scale))) / scale
}

/** A threshold stays at most at the limit, and a penalty where all of it can be paid. */
function scaledVault(of: VaultSpec, parameter: 'threshold' | 'bonus', by: number): VaultSpec {
  if (parameter === 'threshold')
    return { ...of, threshold: Math.min(of.threshold * by, of.maxLimit) }
  const most = (1 / of.maxLimit - 1) * (1 - 1e-9)
  return { ...of, penalty: Math.min(of.penalty * by, most) }
}

function checkFluid({ vaults, absorbGas }: Spec): void {
  check(vaults.length > 0, 'FB2288', 'vaults', 'there is a vault', vaults.length)
  vaults.forEach((vault, v) => {
    const place = `vaults[${v}]`
    const { collateral, debt, threshold, maxLimit, penalty } = vault
    check(vault.group === v + 1, 'FB2288', `${place}.group`, 'group n is the n-th', vault.group)
    check(collateral !== debt, 'FB2288', `${place}.debt`, 'a vault has two assets', debt)
    const rises = threshold > 0 && threshold <= maxLimit && maxLimit < 1
    const rule = 'a threshold is above 0, at most the limit, and that below 1'
    check(rises, 'FB2289', `${place}.maxLimit`, rule, maxLimit)
    const pays = penalty >= 0 && maxLimit * (1 + penalty) < 1
    const pay = 'collateral at the limit pays the debt and the penalty'
    check(pays, 'FB2289', `${place}.penalty`, pay, penalty)
    for (const name of ['collateralDecimals', 'debtDecimals'] as const) {
      const counts = Number.isInteger(vault[name]) && vault[name] >= 0
      check(counts, 'FB2290', `${place}.${name}`, 'decimals are a whole number', vault[name])
    }
  })
  const burns = absorbGas >= 0 && Number.isFinite(absorbGas)
  check(burns, 'FB2290', 'absorbGas', 'gas is 0 units or more', absorbGas)
}
