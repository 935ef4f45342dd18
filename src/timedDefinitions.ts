/** What the metrics of a run in time mean. */

import type { Definition } from './definition.ts'

/** By their names in `--json`. */
export const timedDefinitions = {
  lowest_drop: {
    unit: 'ratio',
    sentence: 'Deepest fall of the headline asset since the opening, as blocks close.',
    formula: '1 - lowest closing price / opening price',
    source: 'the frames of a run in time, drawdown',
    trap: 'Prices inside a block may have been lower; events have the price after each sale.',
  },
  outside_drop_then: {
    unit: 'ratio',
    sentence: 'Fall that the outside world alone would have made by that same block.',
    formula: '1 - price of the twin market without any forced sale / opening price',
    source: 'twin markets, which share outside path, recovery and depth course',
    trap: 'Null where prices are a record: what they would have been alone is not known then.',
  },
  loop_gain_sampled: {
    unit: 'ratio',
    sentence: 'Highest of the loop gains sampled along a run, at the first stated further drop.',
    formula: 'units forced by a further drop h of the published price / units absorbed over it',
    source: 'as loop_gain, on the state of up to 200 blocks',
    trap: 'Between samples it may have been higher.',
  },
  gas_spent_usd: {
    unit: 'usd',
    sentence: 'Gas of all liquidators, failed transactions included.',
    formula: 'sum over transactions of gas used x gas price x price of the gas token',
    source: 'ledger of the run',
    trap: 'Tips for private or auctioned places are not gas and stand apart.',
  },
  forced_sale_usd: {
    unit: 'usd',
    sentence: 'What forced sales brought in the market, of liquidators and houses.',
    formula: 'sum over sales of proceeds',
    source: 'ledger of the run',
    trap: 'Proceeds, not worth: a deeper fall makes the same units bring less.',
  },
  borrower_loss_usd: {
    unit: 'usd',
    sentence: 'What borrowers lost in liquidations beside their debts: bonus and fees.',
    formula:
      'sum of collateral taken - debt repaid - what was given back, at the mids of the block',
    source: 'settlements of the run',
    trap: 'Negative where the published price was below the market. Auctions and houses stay out.',
  },
  paid_by_funds_usd: {
    unit: 'usd',
    sentence: 'What funds paid to lenders for debt that was written off.',
    formula: 'sum over funds and protocols of what was drawn',
    source: 'ledger of the run',
    trap: 'Bad debt is before it: what lenders lose in the end is bad debt less this.',
  },
  kept_by_protocols_usd: {
    unit: 'usd',
    sentence: 'What defences made liquidators pay to protocols on top of the debt.',
    formula: 'sum over settlements of what an oracle auction or its kin kept',
    source: 'settlements of the run',
    trap: 'Fees that the rules themselves take are not in it.',
  },
  borrowing_power: {
    unit: 'ratio',
    sentence: 'What defences left of borrowing power, on average over the run.',
    formula: 'mean over blocks and protocols of the factor on thresholds and on new loans',
    source: 'stances of the defences of the run',
    trap: 'An average: a cut of all of it for a tenth of the time is 0.9.',
  },
  fragility_ratio: {
    unit: 'ratio',
    sentence: 'How fast forced sales came at their peak beside how fast the book refills.',
    formula:
      'peak over assets and blocks of units sold, decayed by the half-life of recovery / units that venues absorb over 2 % at the opening',
    source: 'own: at a displacement of 2 % the book refills those units x ln 2 in a half-life',
    trap: 'Above 1 the book stands more than 2 % down for want of time. Without recovery all counts.',
  },
  settle_seconds: {
    unit: 'seconds',
    sentence: 'Time from the first liquidation to the last one.',
    formula: '(block of the last - block of the first) x block time',
    source: 'events of the run',
    trap: 'Null when nobody was liquidated; a run that ends too early cuts it short.',
  },
  failed_transactions: {
    unit: 'count',
    sentence: 'Transactions of liquidators that were included and failed.',
    formula: 'included transactions that were refused or no longer paid',
    source: 'books of the liquidators',
    trap: 'Transactions that never got into a block are not failures.',
  },
  waiting_accounts: {
    unit: 'count',
    sentence: 'Accounts that could be liquidated at the end and were not.',
    formula: 'number of accounts with health below the edge of their rules after the last block',
    source: 'watchlists of the run',
    trap: 'Dust that pays nobody waits for ever and says nothing about the crash.',
  },
  in_auction_usd: {
    unit: 'usd',
    sentence: 'Debt whose collateral lies in auctions that are not decided at the end.',
    formula: 'debt taken over by auctions - debt that their winners have closed',
    source: 'ledger of the run, what the rules hold themselves',
    trap: 'Neither repaid nor lost yet: what the bids lack becomes bad debt when they are decided.',
  },
  oracle_age_seconds: {
    unit: 'seconds',
    sentence: 'Oldest price that a protocol believed in.',
    formula: 'largest time since the published price was in the market',
    source: 'feeds of the run',
    trap: 'An old price of a market that stood still did no harm: see oracle_gap.',
  },
  oracle_gap: {
    unit: 'ratio',
    sentence: 'Largest distance between a published price and the market, as blocks close.',
    formula: '|published / market - 1|, greatest over blocks and feeds',
    source: 'feeds of the run',
    trap: 'Averages and delays lag by design; a gap is not by itself an error of the feed.',
  },
  peak_gwei: {
    unit: 'gwei',
    sentence: 'Highest gas price at which a transaction was likely to be included.',
    formula: 'greatest over blocks of the price that leaves room for one liquidation',
    source: 'chain of the run; EIP-1559 for the base fee',
    trap: 'What single liquidators paid may be higher: see the events.',
  },
  adl_fraction: {
    unit: 'ratio',
    sentence: 'Part of the open interest that winners were made to close.',
    formula: 'notional closed against winners / open interest of longs at the opening',
    source: 'books of the houses; T. Chitra and others, arXiv 2602.15182',
    trap: 'On the basis of notional: closing a position costs its owner the future, not this sum.',
  },
  adl_haircut: {
    unit: 'ratio',
    sentence: "Part of the winners' profit that deleveraging took.",
    formula: 'profit lost / the largest profit of all winners when any was deleveraged',
    source: 'books of the houses; T. Chitra and others, arXiv 2602.15182',
    trap: 'On the basis of profit, at the mark of the moment: never of posted margin.',
  },
  adl_overshoot: {
    unit: 'ratio',
    sentence: 'Profit taken from winners against what was needed to make losers whole.',
    formula: 'profit lost / losses that neither market nor fund could bear',
    source: 'books of the houses; T. Chitra and others, arXiv 2602.15182',
    trap: 'Figures on the basis of notional are many times larger: compare like with like.',
  },
} as const satisfies Readonly<Record<string, Definition>>
