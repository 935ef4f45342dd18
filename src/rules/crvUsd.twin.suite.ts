/**
 * An exact twin of LLAMMA in whole numbers of 1e-18, after the rule sheet and in its integer order.
 * Its exp and ln are series at 36 digits, cut to 18: the contract's library cuts its own way in the
 * last place.
 */

export const WAD = 10n ** 18n
const FINE = 10n ** 36n
const DEAD = 1000n
const TICKS = 50

/** Whole numbers of 1e-18 throughout; bands by their number. */
export interface TwinMarket {
  readonly A: bigint
  readonly base: bigint
  readonly fee: bigint
  readonly logRatio: bigint
  readonly sqrtRatio: bigint
  readonly farthest: bigint
  readonly x: Map<number, bigint>
  readonly y: Map<number, bigint>
  readonly shares: Map<number, bigint>
  active: number
  min: number
  max: number
}

export interface TwinLoan {
  readonly n1: number
  readonly shares: bigint[]
}

export interface TwinTrade {
  paid: bigint
  got: bigint
}

export function twinMarket(A: bigint, base: bigint, fee: bigint): TwinMarket {
  let farthest = WAD
  for (let i = 0; i < TICKS; i++) farthest = (farthest * A) / (A - 1n)
  return {
    A,
    base,
    fee,
    logRatio: lnWad((A * WAD) / (A - 1n)),
    sqrtRatio: isqrt((A * WAD * WAD) / (A - 1n)),
    farthest,
    x: new Map(),
    y: new Map(),
    shares: new Map(),
    active: 0,
    min: 0,
    max: 0,
  }
}

/** 18 decimals as a double. */
export function toNumber(wad: bigint): number {
  const sign = wad < 0n ? -1 : 1
  const text = (wad < 0n ? -wad : wad).toString().padStart(19, '0')
  return sign * Number(`${text.slice(0, -18)}.${text.slice(-18)}`)
}

/** A double to 18 decimals, cut. */
export function toWad(value: number): bigint {
  const [digits, exponent = '0'] = value.toExponential(20).split('e')
  const [whole, part] = digits.split('.')
  const shift = Number(exponent) - part.length + 18
  const all = BigInt(whole + part)
  return shift >= 0 ? all * 10n ** BigInt(shift) : all / 10n ** BigInt(-shift)
}

export function pUp(market: TwinMarket, n: number): bigint {
  return (market.base * expWad(-BigInt(n) * market.logRatio)) / WAD
}

function at(column: Map<number, bigint>, n: number): bigint {
  return column.get(n) ?? 0n
}

/** y0, f, g and Inv of a band. */
function curve(A: bigint, x: bigint, y: bigint, p: bigint, up: bigint) {
  let b = 0n
  if (x !== 0n) b = (up * (A - 1n) * x) / p
  if (y !== 0n) b += (((A * p * p) / up) * y) / WAD
  const D = b * b + ((4n * A * p * y) / WAD) * x
  const y0 = x > 0n && y > 0n ? ((b + isqrt(D)) * WAD) / (2n * A * p) : (b * WAD) / (A * p)
  const f = (((A * y0 * p) / up) * p) / WAD
  const g = ((A - 1n) * y0 * up) / p
  return { y0, f, g, inv: (f + x) * (g + y) }
}

export function price(market: TwinMarket, p: bigint): bigint {
  const { A, active } = market
  const up = pUp(market, active)
  const x = at(market.x, active)
  const y = at(market.y, active)
  const low = (((p * p) / up) * p) / up
  if (x === 0n) return y === 0n ? (low * A) / (A - 1n) : low
  if (y === 0n) {
    const down = (up * (A - 1n)) / A
    return (((p * p) / down) * p) / down
  }
  const { f, g } = curve(A, x, y, p, up)
  return ((f + x) * WAD) / (g + y)
}

export function distanceFee(A: bigint, p: bigint, up: bigint): bigint {
  const low = (((p * p) / up) * p) / up
  const high = (((low * A) / (A - 1n)) * A) / (A - 1n)
  if (p < low) return ((low - p) * (WAD / 4n)) / low
  return p > high ? ((p - high) * (WAD / 4n)) / p : 0n
}

/** The published price after the limiter, and the fee for its jump. */
export function limit(old: bigint, oldFee: bigint, elapsed: bigint, p: bigint): [bigint, bigint] {
  const left = 120n - (elapsed < 120n ? elapsed : 120n)
  if (left === 0n) return [p, 0n]
  const most = 125n * 10n ** 16n
  const least = 10n ** 36n / most
  let limited = p
  let ratio = p > old ? (old * WAD) / p : (p * WAD) / old
  if (ratio < least) {
    limited = p > old ? (old * most) / WAD : (old * WAD) / most
    ratio = least
  }
  const fee = ((oldFee + WAD - ratio ** 3n / 10n ** 36n) * left) / 120n
  return [limited, smaller(fee, WAD - 1n)]
}

/** Swaps `amount` in: crvUSD for collateral where `pump`, else the other way. */
export function swap(
  market: TwinMarket,
  p: bigint,
  leastFee: bigint,
  pump: boolean,
  amount: bigint,
): TwinTrade {
  const { A } = market
  const into = pump ? market.x : market.y
  const from = pump ? market.y : market.x
  const fee = larger(market.fee, leastFee)
  const writes: [number, bigint, bigint][] = []
  const out = { paid: 0n, got: 0n }
  let left = amount
  let n = market.active
  let up = pUp(market, n)
  for (let j = -1; ; ) {
    const own = n === market.active ? at(into, n) : 0n
    const there = at(from, n)
    if (j < 0 && (own > 0n || there > 0n)) j = 0
    if (there > 0n) {
      const c = pump ? curve(A, own, there, p, up) : curve(A, there, own, p, up)
      const [shiftIn, shiftOut] = pump ? [c.f, c.g] : [c.g, c.f]
      const most = smaller(larger(distanceFee(A, p, up), fee), WAD - 1n)
      const antifee = (WAD * WAD) / (WAD - most)
      const need = ((c.inv / shiftOut - shiftIn - own) * antifee) / WAD
      if (need >= left) {
        const moved = (left * WAD) / antifee
        const kept = smaller(c.inv / (shiftIn + own + moved) - shiftOut + 1n, there)
        out.got += there - kept
        out.paid = amount
        writes.push([n, own + left, kept])
        break
      }
      const passing = larger(need, 1n)
      left -= passing
      out.paid += passing
      out.got += there
      writes.push([n, own + passing, 0n])
    }
    const isFar = (up * WAD) / p
    if (n === (pump ? market.max : market.min) || j === TICKS - 1) break
    if (pump ? isFar < 10n ** 36n / market.farthest : isFar > market.farthest) break
    n += pump ? 1 : -1
    up = pump ? (up * (A - 1n)) / A : (up * A) / (A - 1n)
    if (j >= 0) j++
  }
  if (out.paid === 0n || out.got === 0n) return { paid: 0n, got: 0n }
  for (const [band, own, there] of writes) {
    into.set(band, own)
    from.set(band, there)
  }
  market.active = n
  return out
}

export function deposit(market: TwinMarket, amount: bigint, n1: number, count: number): TwinLoan {
  const part = amount / BigInt(count)
  const shares: bigint[] = []
  for (let k = 0; k < count; k++) {
    const n = n1 + k
    const y = k === 0 ? amount - part * BigInt(count - 1) : part
    const given = ((at(market.shares, n) + DEAD) * y) / (at(market.y, n) + 1n)
    shares.push(given)
    market.shares.set(n, at(market.shares, n) + given)
    market.y.set(n, at(market.y, n) + y)
  }
  if (n1 <= market.active) market.active = n1 - 1
  market.min = Math.min(market.min, n1)
  market.max = Math.max(market.max, n1 + count - 1)
  return { n1, shares }
}

/** Takes a part of the shares out: crvUSD and collateral. */
export function withdraw(market: TwinMarket, loan: TwinLoan, part: bigint): [bigint, bigint] {
  let sumX = 0n
  let sumY = 0n
  loan.shares.forEach((share, k) => {
    const n = loan.n1 + k
    const taken = (part * share) / WAD
    const all = at(market.shares, n)
    const x = at(market.x, n)
    const y = at(market.y, n)
    const dx = ((x + 1n) * taken) / (all + DEAD)
    const dy = ((y + 1n) * taken) / (all + DEAD)
    loan.shares[k] = share - taken
    market.shares.set(n, all - taken)
    market.x.set(n, all === taken ? 0n : x - dx)
    market.y.set(n, all === taken ? 0n : y - dy)
    sumX += dx
    sumY += dy
  })
  return [sumX, sumY]
}

/** crvUSD that the loan brings if the price falls adiabatically through its bands. */
export function xDown(market: TwinMarket, loan: TwinLoan, p: bigint): bigint {
  const { A } = market
  let sum = 0n
  let down = pUp(market, loan.n1)
  loan.shares.forEach((share, k) => {
    const n = loan.n1 + k
    const x = n <= market.active ? at(market.x, n) : 0n
    const y = n >= market.active ? at(market.y, n) : 0n
    const up = down
    down = (down * (A - 1n)) / A
    if (x === 0n && y === 0n) return
    const worth = bandDown(market, x, y, p, up, down)
    sum += (worth * share) / (at(market.shares, n) + DEAD)
  })
  return sum
}

function bandDown(
  market: TwinMarket,
  x: bigint,
  y: bigint,
  p: bigint,
  up: bigint,
  down: bigint,
): bigint {
  const { A, sqrtRatio } = market
  const mid = (((p * p) / down) * p) / up
  if (x === 0n || y === 0n) {
    if (p > up) return ((y === 0n ? (x * WAD) / mid : y) * up) / sqrtRatio
    if (p < down) return x === 0n ? (y * mid) / WAD : x
  }
  const { y0, f, g, inv } = curve(A, x, y, p, up)
  if (p > up) return (larger(inv / f - g, 0n) * up) / sqrtRatio
  if (p < down) return larger(inv / g - f, 0n)
  const stays = (A * y0 * (p - down)) / p
  return larger(inv / (g + stays) - f, 0n) + (stays * isqrt(down * p)) / WAD
}

function larger(a: bigint, b: bigint): bigint {
  return a < b ? b : a
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

export function sumXY(market: TwinMarket, loan: TwinLoan): [bigint, bigint] {
  let sumX = 0n
  let sumY = 0n
  loan.shares.forEach((share, k) => {
    const all = at(market.shares, loan.n1 + k) + DEAD
    sumX += ((at(market.x, loan.n1 + k) + 1n) * share) / all
    sumY += ((at(market.y, loan.n1 + k) + 1n) * share) / all
  })
  return [sumX, sumY]
}

export function yEffective(A: bigint, collateral: bigint, count: number, discount: bigint): bigint {
  const sqrtRatio = isqrt((A * WAD * WAD) / (A - 1n))
  const N = BigInt(count)
  const off = discount + (DEAD * WAD) / larger(collateral / N, DEAD)
  let part = (collateral * (WAD - smaller(off, WAD))) / (sqrtRatio * N)
  let sum = part
  for (let k = 1; k < count; k++) {
    part = (part * (A - 1n)) / A
    sum += part
  }
  return sum
}

/** First band of a loan, or null where the debt is too high. */
export function firstBand(
  market: TwinMarket,
  p: bigint,
  collateral: bigint,
  debt: bigint,
  count: number,
  discount: bigint,
): number | null {
  const effective = yEffective(market.A, collateral, count, discount)
  const covers = (effective * pUp(market, market.active)) / (debt + 1n)
  if (covers === 0n) return null
  const steps = Number(floorDiv(lnWad(covers), market.logRatio))
  const n1 = Math.min(steps, 1024 - count) + market.active
  for (let n = market.active; n >= n1; n--) if (at(market.x, n) > 0n) return null
  return pUp(market, n1) < p ? n1 : null
}

export function health(
  market: TwinMarket,
  loan: TwinLoan,
  p: bigint,
  debt: bigint,
  discount: bigint,
  full: boolean,
): bigint {
  const own = (xDown(market, loan, p) * (WAD - discount)) / debt - WAD
  const up = pUp(market, loan.n1)
  if (!full || loan.n1 <= market.active || p <= up) return own
  return own + ((p - up) * sumXY(market, loan)[1]) / debt
}

export function removed(part: bigint, h: bigint): bigint {
  if (h === 0n || part === WAD) return part
  const less = ((WAD + h / 2n) * (WAD - part)) / (WAD + h)
  return ((less + part) * part) / WAD
}

function floorDiv(a: bigint, b: bigint): bigint {
  return a / b - (a % b < 0n ? 1n : 0n)
}

export function isqrt(n: bigint): bigint {
  if (n < 2n) return n
  let r = 1n << BigInt((n.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (r + n / r) >> 1n
    if (next >= r) return r
    r = next
  }
}

const LN2 = lnSeries(2n * FINE)

/** ln by 2 atanh((z - 1) / (z + 1)), z brought between 3/4 and 3/2. */
export function lnWad(value: bigint): bigint {
  let z = value * WAD
  let k = 0n
  for (; z * 2n > 3n * FINE; k++) z /= 2n
  for (; z * 4n < 3n * FINE; k--) z *= 2n
  return floorDiv(lnSeries(z) + k * LN2, WAD)
}

function lnSeries(z: bigint): bigint {
  const t = ((z - FINE) * FINE) / (z + FINE)
  const square = (t * t) / FINE
  let sum = 0n
  let power = t
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n
    power = (power * square) / FINE
  }
  return 2n * sum
}

export function expWad(value: bigint): bigint {
  const k = floorDiv(value * WAD, LN2)
  const r = value * WAD - k * LN2
  let sum = 0n
  let term = FINE
  for (let n = 1n; term !== 0n; n++) {
    sum += term
    term = (term * r) / (n * FINE)
  }
  return (k >= 0n ? sum << k : sum >> -k) / WAD
}
