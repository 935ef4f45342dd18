/** Compound III: an account is absorbed whole, and the protocol sells its collateral. */

import { page } from '../codes.ts'
import {
  asset,
  byAsset,
  fields,
  flag,
  fromZero,
  type Given,
  number,
  or,
  ratio,
} from '../parameters.ts'
import type { Rules } from '../rules.ts'
import { listAbsorbs, settleAbsorb } from './comet/absorb.ts'
import {
  buyCollateral,
  type CometTerms,
  listStorefront,
  openingReserves,
  STOREFRONT,
} from './comet/reserves.ts'
import {
  check,
  checkOnlyDebt,
  interestAt,
  rates,
  scaledAssets,
  termsFrom,
  threshold,
} from './terms.ts'

const parameters = {
  assets: byAsset(
    'Terms of collateral by asset; {} or a borrowRate for the base asset.',
    {
      threshold,
      liquidationFactor: or(ratio('Share of the worth of collateral that an absorb credits.'), 1),
      borrowRate: rates.borrowRate,
    },
    ['threshold', 'liquidationFactor'],
  ),
  base: asset('Asset of all debts.'),
  storeFrontPriceFactor: ratio('Share of the penalty that the storefront passes on as a discount.'),
  reservesUnits: number('Reserves at the opening, in base.', fromZero),
  targetReservesUnits: number('Collateral is sold while reserves are below this.', fromZero),
  gas: fields('Gas of absorbing an account, and of buying collateral.', {
    absorb: number('Gas of an absorb.', fromZero),
    buy: number('Gas of a purchase.', fromZero),
  }),
  absorbPaused: or(flag('Nobody is absorbed.'), false),
  buyPaused: or(flag('Nothing is sold.'), false),
}

/**
 * Rules of Compound III (Comet), one market.
 *
 * | native word                 | here                                                         |
 * | --------------------------- | ------------------------------------------------------------ |
 * | baseToken, principal        | `base`; an account's debt leg x index                        |
 * | liquidateCollateralFactor   | `threshold`                                                  |
 * | liquidationFactor           | `liquidationFactor`: 1 - the penalty of the borrower         |
 * | storeFrontPriceFactor       | share of that penalty which a buyer of collateral gets       |
 * | absorb                      | a call, no reward: the protocol takes the account            |
 * | buyCollateral, quote        | an offer of nobody's, at the storefront price                |
 * | absorb + buyCollateral      | an offer of the account's: both in one transaction           |
 * | getReserves, targetReserves | `reserves` as they move; `targetReserves`                    |
 * | pauseFlags                  | `absorbPaused`, `buyPaused`                                  |
 *
 * Rule:       Breached iff the sum of collateral x price x threshold is below the debt x base price
 *             (assets are walked in their order until the sum reaches the debt; only the sum
 *             decides). An absorb takes everything: credit = sum of collateral x price x
 *             liquidationFactor, in base; reserves pay the debt, and the borrower keeps credit -
 *             debt where that is above 0. Collateral goes on sale at price x (1 -
 *             storeFrontPriceFactor x (1 - liquidationFactor)) while reserves, which the debts paid
 *             have left, are below target; any part may be bought, and the payment is the
 *             reserves'. What reserves and their unsold collateral, at what was credited for it,
 *             cannot bear is bad debt.
 * Units:      threshold and factors as fractions, reserves in units of base, gas in units of gas.
 *             A call's `passed` is the worth of all collateral of the account, in units of the
 *             largest. In time an absorb moves collateral ACCOUNTS -> ITEMS, the debt RESERVE ->
 *             ACCOUNTS, the surplus RESERVE -> BORROWERS, a loss LENDERS -> RESERVE; a purchase
 *             moves collateral ITEMS -> BIDDER and base BIDDER -> RESERVE. With a purchase in the
 *             same transaction, what is bought goes to the bidder at once (`seized`), and its
 *             payment to the debt first (`repaid`).
 * Shape:      `Offers.own` is a leg, at the storefront an asset; `other` is 0 for a call, 1 for an
 *             absorb with a purchase, 2 for the storefront.
 * Source:     compound-finance/comet, contracts/Comet.sol isLiquidatable(), absorbInternal(),
 *             buyCollateral(), quoteCollateral(), getReserves(), commit d5a30b0a
 * Simplifies: no rounding. Interest is a fixed yearly rate on debt, whatever the utilisation, and
 *             none of it goes to reserves. The surplus of a borrower bears no interest: no account
 *             supplies base. A loss charged to lenders, who lose it silently on the chain, is not
 *             given back by later profits. An account without collateral is not absorbed: nobody
 *             gains by it. An absorb with a purchase buys one collateral; the others wait at the
 *             storefront.
 *             Instant (taker -1): absorb and storefront are one. A settlement sells one collateral
 *             with a share of the debt in proportion to value x threshold, whether or not reserves
 *             are below target or buying is paused; surplus and loss are settled collateral by
 *             collateral, what the payment lacks of the debt is bad debt, and reserves bear none of
 *             it.
 * Assumes:    the protocol has the cash to pay whatever it owes.
 * Throws:     ParameterError on a parameter outside its range.
 */
export function comet(of: Given<typeof parameters>): Rules {
  checkComet(of)
  const pass = of.storeFrontPriceFactor
  const assets = of.assets.map((asset) => {
    const discount = asset.threshold === null ? 0 : pass * (1 - asset.liquidationFactor)
    return { ...asset, bonus: discount / (1 - discount) }
  })
  return cometOf(of, assets)
}

comet.parameters = parameters
comet.codes = {
  FB2255: page(
    'The base asset is missing from the assets, or is collateral, or another has a borrowRate.',
    'List it without a threshold, and give a borrowRate to it alone.',
  ),
  FB2256: page('A liquidation factor is no fraction.', 'Write it like 93%.'),
  FB2257: page(
    'A storefront discount is no share of the penalty, or is all of the price.',
    'Write storeFrontPriceFactor like 60%, and a liquidation factor above 0.',
  ),
  FB2258: page('Reserves are negative or not finite.', 'Give units of the base asset, 0 or more.'),
  FB2259: page('Gas of an absorb or a purchase is negative.', 'Give units of gas, 0 or more.'),
}

type Spec = Given<typeof parameters>
type Priced = Spec['assets'][number] & { readonly bonus: number }

/** The bonus of a storefront price of 1 - d is d / (1 - d). */
function cometOf(of: Spec, assets: readonly Priced[]): Rules {
  const model = termsOf(of, assets)
  const { slots, factor, rate, slotOf, of: terms } = model.terms
  return {
    name: 'comet',
    slots,
    edge: 'below',
    sale: 'repeated',
    slotOf: (asset, side, group) =>
      side < 0 && asset !== of.base ? -1 : slotOf(asset, side, group),
    terms,
    value({ values, prices, confidence, index }) {
      for (let s = 0; s < slots.count; s++) {
        const asset = slots.asset[s]
        const price = prices[asset] - slots.side[s] * confidence[asset]
        values[s] = Math.max(0, price) * factor[s] * index[s]
      }
    },
    ...interestAt(rate),
    items: () => openingReserves(model),
    standing: (protocol, _, out) => listStorefront(model, protocol, out),
    offers: (protocol, account, out) => listAbsorbs(model, protocol, account, out),
    settle(protocol, offers, offer, bid, out) {
      out.moves.count = 0
      out.seized = out.fee = out.surplus = out.repaid = 0
      return offers.other[offer] === STOREFRONT
        ? buyCollateral(model, protocol, offers.own[offer], bid, out.moves)
        : settleAbsorb(model, protocol, offers, offer, bid, out)
    },
    scaled: (parameter, by) =>
      parameter === 'closeFactor' ? null : cometOf(of, scaledAssets(assets, parameter, by)),
  }
}

function termsOf(of: Spec, assets: readonly Priced[]): CometTerms {
  const last = assets.reduce((most, { asset }) => Math.max(most, asset), 0)
  const liquidationFactor = new Float64Array(last + 1)
  const discount = new Float64Array(last + 1)
  for (const { asset, liquidationFactor: share, bonus } of assets) {
    liquidationFactor[asset] = share
    discount[asset] = bonus / (1 + bonus)
  }
  const { base, reservesUnits, targetReservesUnits, gas, absorbPaused, buyPaused } = of
  return {
    base,
    terms: termsFrom(assets),
    liquidationFactor,
    discount,
    openingReserves: reservesUnits,
    targetReserves: targetReservesUnits,
    gas,
    absorbPaused,
    buyPaused,
  }
}

function checkComet(of: Spec): void {
  const base = of.assets.find(({ asset }) => asset === of.base)
  const isBase = base !== undefined && base.threshold === null
  check(isBase, 'FB2255', 'base', 'the base asset is listed, and not as collateral', of.base)
  checkOnlyDebt(of.assets, of.base, 'FB2255')
  of.assets.forEach(({ threshold, liquidationFactor: share }, i) => {
    const place = `assets[${i}].liquidationFactor`
    const isShare = threshold === null || (share >= 0 && share <= 1)
    check(isShare, 'FB2256', place, 'a liquidation factor is a fraction', share)
    const costs = threshold === null || of.storeFrontPriceFactor * (1 - share) < 1
    check(costs, 'FB2257', place, 'the storefront gives nothing away', share)
  })
  const pass = of.storeFrontPriceFactor
  const isPart = pass >= 0 && pass <= 1
  check(isPart, 'FB2257', 'storeFrontPriceFactor', 'a discount is a share of the penalty', pass)
  for (const name of ['reservesUnits', 'targetReservesUnits'] as const) {
    const counts = of[name] >= 0 && Number.isFinite(of[name])
    check(counts, 'FB2258', name, 'reserves are 0 or more', of[name])
  }
  for (const name of ['absorb', 'buy'] as const) {
    const burns = of.gas[name] >= 0 && Number.isFinite(of.gas[name])
    check(burns, 'FB2259', `gas.${name}`, 'gas is 0 units or more', of.gas[name])
  }
}
