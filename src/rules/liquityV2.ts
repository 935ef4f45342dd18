/** Liquity v2: branches of one collateral each, penalties with a surplus for the owner. */

import { page } from '../codes.ts'
import { YEAR_SECONDS } from '../moment.ts'
import {
  asset,
  fields,
  fromZero,
  type Given,
  groups,
  number,
  ofTime,
  optional,
  or,
  rate,
  ratio,
} from '../parameters.ts'
import type { Protocol, Rules } from '../rules.ts'
import { type Division, scaledRatio, type Trove, troveRules } from './liquity/rules.ts'
import {
  type Branches,
  checkBranch,
  OWN,
  SHARED,
  SLOTS,
  type Troves,
  totalRatio,
} from './liquity/troves.ts'
import { check } from './terms.ts'

const ratios = { from: 1, to: 10, open: 'lower' } as const

const parameters = {
  debt: asset('What troves owe, counted at 1 USD.'),
  branches: groups('Branches by name; positions name theirs as their group.', {
    collateral: asset('What troves of the branch hold.'),
    mcr: ratio('Collateral ratio below which a trove is liquidated.', ratios),
    scr: ratio(
      'Collateral ratio of the branch below which it shuts down: its interest ends. It says ' +
        'nothing where there is no borrowRate.',
      ratios,
    ),
    poolPenalty: ratio('Collateral above the debt that the pool pays, as a fraction of it.'),
    sharedPenalty: ratio('Collateral above the debt that other troves take over.'),
    poolUnits: number('Debt asset in the stability pool at the opening.', fromZero),
    poolSells: or(
      ratio('Discount at which the pool sells what it received. Left out: it keeps it.'),
      null,
    ),
    borrowRate: ofTime(optional(rate('Interest on debt, per year: the mean of the troves.'))),
  }),
  gasDeposit: optional(
    fields('What the caller gets for a trove.', {
      asset: asset('Asset of the deposit.'),
      units: number('Units of it.', fromZero),
    }),
  ),
}

/** COLL_GAS_COMPENSATION_DIVISOR and COLL_GAS_COMPENSATION_CAP. */
const REWARD_DIVISOR = 200
const REWARD_MOST = 2
/** MIN_BOLD_IN_SP: never leaves the pool. */
const POOL_KEEPS = 1

type Spec = Given<typeof parameters>

/**
 * Rules of Liquity v2 (BOLD).
 *
 * | native word                        | here                                                   |
 * | ---------------------------------- | ------------------------------------------------------ |
 * | collateral branch                  | group; its positions name it                           |
 * | trove                              | account of one collateral and one debt position        |
 * | ICR, TCR                           | collateral ratio of a trove, and of its whole branch   |
 * | MCR, SCR                           | `mcr`, `scr`; the liquidation threshold is 1 / MCR     |
 * | LIQUIDATION_PENALTY_SP             | `poolPenalty`                                          |
 * | LIQUIDATION_PENALTY_REDISTRIBUTION | `sharedPenalty`                                        |
 * | COLL_GAS_COMPENSATION_DIVISOR, CAP | reward: a 200th of the pool's part, at most 2 units    |
 * | ETH_GAS_COMPENSATION               | `gasDeposit`                                           |
 * | MIN_BOLD_IN_SP                     | 1 unit never leaves the pool                           |
 * | L_coll + 1, L_boldDebt             | index of the stake, index of the debt taken over       |
 * | CollSurplusPool                    | the holder BORROWERS                                   |
 *
 * Rule:       A trove with ICR < MCR is closed. The pool pays offset = min(debt, pool - 1) for part
 *             = collateral x offset / debt; the caller gets reward = min(part / 200, 2); the pool
 *             min(part - reward, offset x (1 + poolPenalty) / price). Other troves of the branch
 *             take over the debt that is left, and min(what is left of the collateral, that debt x
 *             (1 + sharedPenalty) / price), in proportion to their stakes. The rest is the owner's.
 *             The last trove of a branch is never closed. A branch with TCR < SCR shuts down for
 *             good: from then on its debt bears no interest.
 * Units:      amounts in units; ICR and TCR as fractions. An offer's `amount` is the reward, and
 *             its `cost` below 0: the worth of the gas deposit at published prices, which the
 *             caller gets. The reward is `seized`; all else stands in `moves`: the debt POOL ->
 *             ACCOUNTS, its collateral ACCOUNTS -> POOL, surplus ACCOUNTS -> BORROWERS, gas
 *             deposit RESERVE -> BIDDER. Redistribution moves two indices and nothing between
 *             holders.
 * Shape:      three slots a branch: stake, own debt, debt taken over. A trove is a leg in each:
 *             collateral at the opening, -debt, -collateral at the opening. `Offers.own` is the
 *             first leg. What a pool sells is an offer of account -1.
 * Source:     liquity/bold, contracts/src/TroveManager.sol batchLiquidateTroves(),
 *             StabilityPool.sol offset(), Dependencies/Constants.sol, commit 405f9122
 * Simplifies: each trove is liquidated in a call of its own; no batches. All troves of a branch
 *             bear one rate of interest, which lenders get. Stakes are the collateral at the
 *             opening. A pool is one holder: deposits, their shares and withdrawals are not told
 *             apart. No redemptions, neither by interest rate nor the urgent ones of a branch that
 *             is shut down; no borrowing, so CCR decides nothing. Where the reward is 0 and there
 *             is a deposit, 1e-18 units of collateral go with it: an offer of nothing would be a
 *             call. A pool with `poolSells` offers its collateral at the published price less the
 *             discount, and pays debts with what it gets.
 *             Instant (taker -1): pool and redistribution act at once. `seized` is then all that
 *             leaves the trove, `repaid` what the pool paid, and `fee` what is not sold: of the
 *             surplus and the pool's part only the latter is, at its discount, where `poolSells`
 *             is given.
 * Assumes:    nobody deposits into a pool, or leaves it, in time.
 * Throws:     ParameterError on a parameter outside its range, or an account with positions in
 *             several branches.
 */
export function liquityV2(of: Spec): Rules {
  checkParameters(of)
  const { debt, branches, gasDeposit } = of
  const accrue = interestOf(of)
  return troveRules({
    name: 'liquityV2',
    debt,
    branches,
    poolKeeps: POOL_KEEPS,
    deposit: gasDeposit ?? { asset: debt, units: 0 },
    bonus: (b) => branches[b].poolPenalty,
    needed: (b) => branches[b].mcr,
    divide(b, trove, out) {
      divide(branches[b], trove, out)
      return 0
    },
    ...(accrue === undefined ? {} : { accrue }),
    scaled: (parameter, by) => scaled(of, parameter, by),
  })
}

liquityV2.parameters = parameters
liquityV2.codes = {
  FB2275: page('A branch is missing or stands twice.', 'List each branch once.'),
  FB2276: page('A branch has its debt asset as collateral.', 'Name two different assets.'),
  FB2277: page('A collateral ratio of a branch is not above 1.', 'Write it like 110%.'),
  FB2278: page('A liquidation penalty is negative or not finite.', 'Write it like 5%.'),
  FB2279: page(
    'A pool, its discount or the gas deposit of a branch is out of range.',
    'Give units of 0 or more, and a discount like 5%.',
  ),
}

function divide(branch: Spec['branches'][number], trove: Trove, out: Division): void {
  const { coll, debt, price } = trove
  const offset = Math.min(debt, trove.pool)
  const part = offset === debt ? coll : (coll * offset) / debt
  const reward = Math.min(part / REWARD_DIVISOR, REWARD_MOST)
  const most = (offset * (1 + branch.poolPenalty)) / price
  out.reward = reward
  out.offset = offset
  out.toPool = offset > 0 ? Math.min(part - reward, most) : 0
  out.sharedDebt = debt - offset
  const left = coll - reward - out.toPool
  const share = (out.sharedDebt * (1 + branch.sharedPenalty)) / price
  out.shared = Math.min(left, share)
  out.surplus = left - out.shared
}

/** Interest until a branch shuts down; none where all rates are 0. */
function interestOf(of: Spec): Rules['accrue'] {
  const { branches } = of
  if (!branches.some(({ borrowRate = 0 }) => borrowRate > 0)) return undefined
  return (protocol, seconds) => {
    const { isShut } = protocol.items as Troves
    for (let b = 0; b < branches.length; b++) {
      if (isShut[b] === 0 && isPastShutdown(of, protocol, b)) isShut[b] = 1
      if (isShut[b] === 1) continue
      const by = 1 + ((branches[b].borrowRate ?? 0) * seconds) / YEAR_SECONDS
      protocol.index[SLOTS * b + OWN] *= by
      protocol.index[SLOTS * b + SHARED] *= by
    }
  }
}

function isPastShutdown(of: Branches & Spec, protocol: Protocol, b: number): boolean {
  return totalRatio(of, protocol, b) < of.branches[b].scr
}

function scaled(of: Spec, parameter: Parameters<Rules['scaled']>[0], by: number): Rules | null {
  if (parameter === 'closeFactor') return null
  const branches = of.branches.map((branch) =>
    parameter === 'threshold'
      ? { ...branch, mcr: scaledRatio(branch.mcr, by) }
      : {
          ...branch,
          poolPenalty: branch.poolPenalty * by,
          sharedPenalty: branch.sharedPenalty * by,
        },
  )
  return liquityV2({ ...of, branches })
}

function checkParameters({ debt, branches, gasDeposit }: Spec): void {
  check(branches.length > 0, 'FB2275', 'branches', 'there is a branch', branches.length)
  branches.forEach((branch, b) => {
    const place = `branches[${b}].`
    const codes = { asset: 'FB2276', mcr: 'FB2277', pool: 'FB2279' }
    checkBranch(branch, debt, place, codes)
    const isOnce = branches.findIndex(({ group }) => group === branch.group) === b
    check(isOnce, 'FB2275', `${place}group`, 'a branch is listed once', branch.group)
    const isRatio = branch.scr > 1 && branch.scr < Number.POSITIVE_INFINITY
    check(isRatio, 'FB2277', `${place}scr`, 'a branch shuts down at a ratio above 1', branch.scr)
    for (const name of ['poolPenalty', 'sharedPenalty'] as const) {
      const isFraction = branch[name] >= 0 && branch[name] < Number.POSITIVE_INFINITY
      const rule = 'a penalty is a fraction, 0 or more'
      check(isFraction, 'FB2278', place + name, rule, branch[name])
    }
  })
  const units = gasDeposit?.units ?? 0
  const isPaid = units >= 0 && units < Number.POSITIVE_INFINITY
  check(isPaid, 'FB2279', 'gasDeposit.units', 'a gas deposit is 0 units or more', units)
}
