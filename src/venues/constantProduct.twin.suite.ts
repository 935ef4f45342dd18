/**
 * The exact integers of a Uniswap v2 pair. Written from the pair's own invariant, not from
 * `constantProduct.ts`.
 *
 * Units: amounts in the tokens' smallest units.
 * Source: Uniswap/v2-core 1.0.1 UniswapV2Pair.sol swap(), v2-periphery UniswapV2Library.sol.
 */

/** The pair's fee of 0.3 %: 997 of 1000 parts of what comes in count. */
const KEPT = 997n
const PARTS = 1000n

/** Reserves of the token that comes in and of the one that goes out. */
export interface PairReserves {
  in: bigint
  out: bigint
}

/**
 * The most that the pair lets out for an amount in: one more would break its invariant.
 *
 * Rule: floor(in 997 Rout / (1000 Rin + 997 in)).
 */
export function amountOut(amountIn: bigint, reserves: PairReserves): bigint {
  const counted = amountIn * KEPT
  return (counted * reserves.out) / (reserves.in * PARTS + counted)
}

/**
 * What the router asks for an amount out: never too little, at times one unit too much.
 *
 * Rule: floor(1000 Rin out / (997 (Rout - out))) + 1.
 */
export function amountIn(amountOut: bigint, reserves: PairReserves): bigint {
  const due = reserves.in * amountOut * PARTS
  return due / ((reserves.out - amountOut) * KEPT) + 1n
}

/** Whether the pair accepts the two amounts: (1000 B0 - 3 in)(1000 B1) >= 1000^2 R0 R1. */
export function keepsProduct(amountIn: bigint, amountOut: bigint, reserves: PairReserves): boolean {
  const paid = (reserves.in + amountIn) * PARTS - amountIn * (PARTS - KEPT)
  const left = (reserves.out - amountOut) * PARTS
  return paid * left >= reserves.in * reserves.out * PARTS * PARTS
}
