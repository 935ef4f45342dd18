/** Prices that the margin of an account sets for a position of its own. */

import type { Margin } from './accounts.ts'
import { maintenance, type PerpetualMarket } from './markets.ts'

/**
 * USD that closing units must bring so that equity falls with maintenance and no faster: their
 * worth at the bankruptcy price. Units of a short, below 0, cost it: the result is below 0 too.
 *
 * Rule:       units x mark - equity x (maintenance of the position - that of what is left) /
 *             maintenance of the account; without any maintenance by share of notional.
 * Source:     dydxprotocol/v4-chain, protocol/x/clob/keeper/liquidations.go,
 *             GetBankruptcyPriceInQuoteQuantums(), commit 014223b6
 * Simplifies: quote quantums are rounded up there.
 */
export function bankruptcyUsd(
  market: PerpetualMarket,
  held: number,
  units: number,
  mark: number,
  { equity, maintenance: all, notional }: Margin,
): number {
  const before = Math.abs(held) * mark
  const after = Math.abs(held - units) * mark
  const share =
    all > 0 ? (maintenance(market, before) - maintenance(market, after)) / all : before / notional
  return units * mark - equity * share
}

/** How far below its mark the position of a failing account may be sold. */
export interface FillableTerms {
  readonly adjustment: number
  readonly spreadToMaintenance: number
}

/**
 * The worst price at which a position may be closed: a long at no less, a short at no more.
 *
 * Rule:       mark - rating x spreadToMaintenance x maintenance of the position / held, with rating
 *             = adjustment x (1 - equity / maintenance of the account), from 0 to 1.
 * Units:      USD per unit; held below 0 for a short.
 * Source:     dydxprotocol/v4-chain, protocol/x/clob/keeper/liquidations.go, GetFillablePrice(),
 *             commit 014223b6
 * Simplifies: ticks. Below 0, where the node stops, it is 0.
 */
export function fillablePrice(
  market: PerpetualMarket,
  held: number,
  mark: number,
  { equity, maintenance: all }: Margin,
  { adjustment, spreadToMaintenance }: FillableTerms,
): number {
  const rating = all > 0 ? Math.min(1, Math.max(0, adjustment * (1 - equity / all))) : 1
  const spread = spreadToMaintenance * maintenance(market, Math.abs(held) * mark)
  return Math.max(0, mark - (rating * spread) / held)
}
