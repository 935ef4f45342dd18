/**
 * Exact integers of a Fluid vault: the walk from the top tick down that the float rules are
 * compared with. Native words and units: ratios x 2^96, prices 1e27, exchange prices 1e12,
 * thresholds 1e3, penalty 1e4. Positions carry their debts, where the chain keeps one factor for a
 * branch.
 */

const ONE = 2n ** 96n
const WIDE = 2n ** 256n
const EXCHANGE = 10n ** 12n
const RAY = 10n ** 27n
/** Parts of a tick. */
const X30 = 2n ** 30n - 1n

/** What governance sets, and the two exchange prices. */
export interface FluidTwinSpec {
  readonly threshold: bigint
  readonly maxLimit: bigint
  readonly penalty: bigint
  readonly supplyPrice: bigint
  readonly borrowPrice: bigint
}

/** Raw amounts; `debt` is that of its tick. */
export interface FluidTwinPosition {
  debt: bigint
  readonly dust: bigint
  heap: Heap | null
}

/** All that stands at one ratio: a tick with debt, or a branch that was liquidated. */
export interface Heap {
  tick: bigint
  /** Parts of the tick that are filled; all of them: a tick that nobody liquidated. */
  partials: bigint
  ratio: bigint
  debt: bigint
  readonly members: FluidTwinPosition[]
}

/** One vault. */
export interface FluidTwin {
  readonly heaps: Heap[]
  totalBorrow: bigint
  absorbedDebt: bigint
  absorbedCol: bigint
  operate(col: bigint, debt: bigint): FluidTwinPosition
  /** Absorbs, then liquidates at most `debtAmt` [tokens]; null where the chain refuses. */
  liquidate(price: bigint, debtAmt: bigint): { readonly debt: bigint; readonly col: bigint } | null
  /** Buys of what was absorbed for this much raw debt. */
  buyAbsorbed(debt: bigint): bigint
  ticksAt(price: bigint): { readonly liquidation: bigint; readonly max: bigint }
}

/** Ratio of a tick: 1.0015^tick x 2^96, rounded up above 1. */
export function ratioAtTick(tick: bigint): bigint {
  const known = ratios.get(tick)
  if (known !== undefined) return known
  let factor = WIDE
  let square = tick < 0n ? (WIDE * 10_000n) / 10_015n : (WIDE * 10_015n) / 10_000n
  for (let rest = tick < 0n ? -tick : tick; rest > 0n; rest >>= 1n) {
    if (rest & 1n) factor = (factor * square) / WIDE
    square = (square * square) / WIDE
  }
  const ratio = (factor * ONE) / WIDE + (tick > 0n ? 1n : 0n)
  ratios.set(tick, ratio)
  return ratio
}

const ratios = new Map<bigint, bigint>()

/** The highest tick whose ratio is at most this. */
export function tickAtRatio(ratio: bigint): bigint {
  let [low, high] = [-32_767n, 32_767n]
  while (low < high) {
    const middle = (low + high + 65_536n + 1n) / 2n - 32_768n
    if (ratioAtTick(middle) <= ratio) low = middle
    else high = middle - 1n
  }
  return low
}

/** A vault without positions. */
export function fluidTwin(of: FluidTwinSpec): FluidTwin {
  const self: FluidTwin = {
    heaps: [],
    totalBorrow: 0n,
    absorbedDebt: 0n,
    absorbedCol: 0n,
    operate: (col, debt) => operate(self, col, debt),
    ticksAt(price) {
      const ratio = (rawPrice(of, price) * ONE) / RAY
      return {
        liquidation: tickAtRatio((ratio * of.threshold) / 1000n),
        max: tickAtRatio((ratio * of.maxLimit) / 1000n),
      }
    },
    liquidate(price, debtAmt) {
      const { liquidation, max } = self.ticksAt(price)
      const remaining = (debtAmt * EXCHANGE) / of.borrowPrice
      if (debtAmt < 10_000n || self.totalBorrow / 10n ** 9n > remaining) return null
      absorb(self, max)
      const perDebt = (((RAY * RAY) / rawPrice(of, price)) * (10_000n + of.penalty)) / 10_000n
      const done = walk(self, liquidation, perDebt, remaining)
      self.totalBorrow -= done.debt
      return {
        debt: (done.debt * of.borrowPrice) / EXCHANGE,
        col: (done.col * of.supplyPrice) / EXCHANGE,
      }
    },
    buyAbsorbed(debt) {
      const col = (self.absorbedCol * debt) / self.absorbedDebt
      self.absorbedCol -= col
      self.absorbedDebt -= debt
      self.totalBorrow -= debt
      return col
    },
  }
  return self
}

/** Collateral of a position as it stands. */
export function colOf({ debt, heap }: FluidTwinPosition): bigint {
  return heap === null ? 0n : (debt * ONE) / heap.ratio
}

function rawPrice({ supplyPrice, borrowPrice }: FluidTwinSpec, price: bigint): bigint {
  return (price * supplyPrice) / borrowPrice
}

function operate(self: FluidTwin, col: bigint, debt: bigint): FluidTwinPosition {
  const net = (debt * 1_000_000_001n) / 1_000_000_000n + 1n
  const tick = tickAtRatio((net * ONE) / col) + 1n
  const ratio = (ratioAtTick(tick - 1n) * 10_015n) / 10_000n
  const atTick = (ratio * col) >> 96n
  let heap = self.heaps.find((other) => other.tick === tick && other.partials === X30)
  if (heap === undefined) {
    heap = { tick, partials: X30, ratio: ratioAtTick(tick), debt: 0n, members: [] }
    self.heaps.push(heap)
  }
  const position = { debt: atTick, dust: atTick - net, heap }
  heap.debt += atTick
  heap.members.push(position)
  self.totalBorrow += net
  return position
}

/** The top: the highest tick, of equals the one that nobody liquidated. */
function takeTop(self: FluidTwin): Heap | undefined {
  self.heaps.sort((a, b) => Number(a.tick - b.tick || a.partials - b.partials))
  return self.heaps.pop()
}

function absorb(self: FluidTwin, max: bigint): void {
  for (let top = takeTop(self); top !== undefined; top = takeTop(self)) {
    if (top.tick <= max) {
      self.heaps.push(top)
      return
    }
    self.absorbedDebt += top.debt
    self.absorbedCol += (top.debt * ONE) / top.ratio
    for (const member of top.members) {
      member.debt = 0n
      member.heap = null
    }
  }
}

/** Takes the top down to the next below it, merges the two, and goes on. */
function walk(self: FluidTwin, liquidation: bigint, perDebt: bigint, remaining: bigint) {
  const done = { debt: 0n, col: 0n }
  let top = takeTop(self)
  if (top === undefined) return done
  const stands = top.tick === liquidation + 1n && top.partials === 1n
  if (stands || top.tick <= liquidation) {
    self.heaps.push(top)
    return done
  }
  let col = (top.debt * ONE) / top.ratio
  for (;;) {
    const next = takeTop(self)
    const isNext = next !== undefined && next.tick > liquidation
    if (next !== undefined && !isNext) self.heaps.push(next)
    const end = isNext ? next.ratio : ratioAtTick(liquidation)
    let cut = ((top.debt - (end * top.debt) / top.ratio) * RAY) / (RAY - (perDebt * end) / ONE)
    const isLast = cut >= remaining || !isNext
    if (cut >= remaining) cut = remaining
    const out = (cut * perDebt) / RAY
    done.debt += cut
    done.col += out
    remaining -= cut
    col -= out
    shrink(top, cut)
    if (isLast) {
      if (isNext) self.heaps.push(next)
      rest(top, remaining, liquidation, col)
      self.heaps.push(top)
      return done
    }
    top = merge(top, next!)
    col += (next!.debt * ONE) / next!.ratio
  }
}

/** Where a liquidation ends: one part above the liquidation tick, or where the payment did. */
function rest(top: Heap, remaining: bigint, liquidation: bigint, col: bigint): void {
  if (remaining > 0n) {
    top.tick = liquidation + 1n
    top.partials = 1n
  } else {
    const ratio = (top.debt * ONE) / col
    const tick = tickAtRatio(ratio)
    const low = ratioAtTick(tick)
    const length = (low * 10_015n) / 10_000n - low
    const parts = ((ratio - low) * X30) / length
    top.tick = tick + 1n
    top.partials = parts < 1n ? 1n : parts >= X30 ? X30 - 1n : parts
  }
  const high = ratioAtTick(top.tick)
  const low = (high * 10_000n) / 10_015n
  top.ratio = low + ((high - low) * top.partials) / X30
}

function shrink(heap: Heap, cut: bigint): void {
  const left = heap.debt - cut
  for (const member of heap.members) member.debt = (member.debt * left) / heap.debt
  heap.debt = left
}

function merge(top: Heap, next: Heap): Heap {
  for (const member of top.members) member.heap = next
  const members = [...top.members, ...next.members]
  const { tick, partials, ratio } = next
  const merged = { tick, partials, ratio, debt: top.debt + next.debt, members }
  for (const member of members) member.heap = merged
  return merged
}
