/**
 * The exact integers of a Uniswap v3 pool: steps, rounding and ticks as on chain. Written from the
 * contract's rules, not from `concentrated.ts`.
 *
 * Units:  amounts and liquidity in the tokens' smallest units, square roots of prices as Q64.96,
 *         fees in millionths.
 * Source: Uniswap/v3-core d8b1c63, UniswapV3Pool.sol swap(), libraries SwapMath, SqrtPriceMath,
 *         TickMath, TickBitmap.
 */

const Q96 = 1n << 96n
const FEE_PARTS = 1_000_000n
const TICK_MAX = 887_272

/** A pool without its tokens. Positions are only ever added. */
export interface TwinPool {
  readonly fee: bigint
  readonly spacing: number
  root: bigint
  tick: number
  liquidity: bigint
  /** Liquidity that begins (or ends, below 0) at each initialised tick, going up. */
  readonly net: Map<number, bigint>
}

/** What a swap moved, and in how many steps. */
export interface TwinSwap {
  readonly amount0: bigint
  readonly amount1: bigint
  readonly steps: number
  readonly crossed: number
}

/** A pool at a price, without positions. */
export function twinPool(fee: bigint, spacing: number, root: bigint): TwinPool {
  return { fee, spacing, root, tick: tickAt(root), liquidity: 0n, net: new Map() }
}

/** Adds a position; what it costs is asked of the contract. */
export function addLiquidity(pool: TwinPool, lower: number, upper: number, liquidity: bigint) {
  pool.net.set(lower, (pool.net.get(lower) ?? 0n) + liquidity)
  pool.net.set(upper, (pool.net.get(upper) ?? 0n) - liquidity)
  if (lower <= pool.tick && pool.tick < upper) pool.liquidity += liquidity
}

/** Swaps until the amount (> 0: in, < 0: out) is spent or the limit is met. */
export function twinSwap(
  pool: TwinPool,
  zeroForOne: boolean,
  specified: bigint,
  limit: bigint,
): TwinSwap {
  const exactIn = specified > 0n
  let remaining = specified
  let calculated = 0n
  let steps = 0
  let crossed = 0
  while (remaining !== 0n && pool.root !== limit) {
    const next = nextTick(pool, zeroForOne)
    const edge = rootAt(next.tick)
    const target = (zeroForOne ? edge < limit : edge > limit) ? limit : edge
    const step = swapStep(pool, target, remaining)
    const paid = step.in + step.fee
    remaining -= exactIn ? paid : -step.out
    calculated += exactIn ? -step.out : paid
    steps++
    const from = pool.root
    pool.root = step.root
    if (pool.root === edge) {
      if (next.isInitialised) {
        crossed++
        pool.liquidity += (zeroForOne ? -1n : 1n) * (pool.net.get(next.tick) ?? 0n)
      }
      pool.tick = zeroForOne ? next.tick - 1 : next.tick
    } else if (pool.root !== from) pool.tick = tickAt(pool.root)
  }
  const done = specified - remaining
  const [amount0, amount1] = zeroForOne === exactIn ? [done, calculated] : [calculated, done]
  return { amount0, amount1, steps, crossed }
}

/** The square root of 1.0001^tick as the contract rounds it. */
export function rootAt(tick: number): bigint {
  const size = tick < 0 ? -tick : tick
  let ratio = 1n << 128n
  for (let bit = 0; bit < 20; bit++) {
    if ((size >> bit) & 1) ratio = (ratio * powers[bit]) >> 128n
  }
  if (tick > 0) ratio = ((1n << 256n) - 1n) / ratio
  return (ratio + (1n << 32n) - 1n) >> 32n
}

/** The greatest tick whose root is at or below this one. */
export function tickAt(root: bigint): number {
  let low = -TICK_MAX
  let high = TICK_MAX
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (rootAt(middle) <= root) low = middle
    else high = middle - 1
  }
  return low
}

/** 1.0001^(-2^bit / 2) in 128 bits, to the nearest. */
const powers = inversePowers()

function inversePowers(): bigint[] {
  const digits = 512n
  const one = 1n << digits
  let power = squareRoot((one * one * 10_000n) / 10_001n)
  return Array.from({ length: 20 }, () => {
    const rounded = ((power >> (digits - 129n)) + 1n) >> 1n
    power = (power * power) >> digits
    return rounded
  })
}

function squareRoot(square: bigint): bigint {
  let root = 1n << BigInt((square.toString(2).length + 1) >> 1)
  for (;;) {
    const better = (root + square / root) >> 1n
    if (better >= root) return root
    root = better
  }
}

/** The next initialised tick within the 256 of this word, or the edge of the word. */
function nextTick({ tick, spacing, net }: TwinPool, zeroForOne: boolean) {
  const place = Math.floor(tick / spacing) + (zeroForOne ? 0 : 1)
  const word = Math.floor(place / 256)
  const last = zeroForOne ? word * 256 : word * 256 + 255
  const step = zeroForOne ? -1 : 1
  for (let at = place; ; at += step) {
    const isInitialised = net.has(at * spacing)
    if (isInitialised || at === last) {
      const within = Math.max(-TICK_MAX, Math.min(TICK_MAX, at * spacing))
      return { tick: within, isInitialised }
    }
  }
}

/** One step at constant liquidity: to the target, or as far as the amount goes. */
function swapStep(pool: TwinPool, target: bigint, remaining: bigint) {
  const { root, liquidity, fee } = pool
  const down = root >= target
  const exactIn = remaining > 0n
  const inTo = (to: bigint) => (down ? amount0 : amount1)(liquidity, root, to, ceil)
  const outTo = (to: bigint) => (down ? amount1 : amount0)(liquidity, root, to, floor)
  const counted = (remaining * (FEE_PARTS - fee)) / FEE_PARTS
  const reaches = exactIn ? counted >= inTo(target) : -remaining >= outTo(target)
  let next = target
  if (!reaches)
    next = exactIn ? rootAfterIn(pool, counted, down) : rootAfterOut(pool, remaining, down)
  const amountIn = inTo(next)
  const most = outTo(next)
  const out = !exactIn && most > -remaining ? -remaining : most
  const isPartial = exactIn && next !== target
  const charged = isPartial ? remaining - amountIn : ceil(amountIn * fee, FEE_PARTS - fee)
  return { root: next, in: amountIn, out, fee: charged }
}

type Divide = (a: bigint, b: bigint) => bigint

function floor(a: bigint, b: bigint): bigint {
  return a / b
}

function ceil(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b
}

function amount0(liquidity: bigint, from: bigint, to: bigint, divide: Divide): bigint {
  const [low, high] = from < to ? [from, to] : [to, from]
  return divide(divide(liquidity * Q96 * (high - low), high), low)
}

function amount1(liquidity: bigint, from: bigint, to: bigint, divide: Divide): bigint {
  const change = from < to ? to - from : from - to
  return divide(liquidity * change, Q96)
}

function rootAfterIn({ root, liquidity }: TwinPool, amount: bigint, down: boolean): bigint {
  if (!down) return root + (amount * Q96) / liquidity
  return amount === 0n ? root : ceil(liquidity * Q96 * root, liquidity * Q96 + amount * root)
}

function rootAfterOut({ root, liquidity }: TwinPool, remaining: bigint, down: boolean): bigint {
  if (down) return root - ceil(-remaining * Q96, liquidity)
  return ceil(liquidity * Q96 * root, liquidity * Q96 + remaining * root)
}
