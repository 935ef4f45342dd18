/** Which way a measure is better, where that does not depend on who asks. */

export type Better = 'lower' | 'higher'

/** By measure; those that are missing depend on who asks. */
export const directions: Readonly<Record<string, Better>> = {
  forced_sale_usd: 'lower',
  total_liquidated_usd: 'lower',
  accounts_liquidated: 'lower',
  lowest_drop: 'lower',
  bad_debt_usd: 'lower',
  shortfall_usd: 'lower',
  lenders_loss_usd: 'lower',
  borrower_loss_usd: 'lower',
  ignited: 'lower',
  kept_by_protocols_usd: 'higher',
  fragility_ratio: 'lower',
  borrowing_power: 'higher',
  waiting_accounts: 'lower',
  amplification: 'lower',
  ignition_drop: 'higher',
}
