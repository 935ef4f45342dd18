/**
 * Exact integers of Maker's Dog, Clip and Abaci, from the rule sheet: what the float rules are
 * compared with. Native words and units: wad 1e18, ray 1e27, rad 1e45.
 */

const WAD = 10n ** 18n
const RAY = 10n ** 27n

/** How a price falls: `cut` is a ray, `tau` and `step` seconds. */
export type AbacusTwin =
  | { readonly kind: 'linear'; readonly tau: bigint }
  | { readonly kind: 'stairstep'; readonly cut: bigint; readonly step: bigint }
  | { readonly kind: 'exponential'; readonly cut: bigint }

/**
 * What governance sets.
 *
 * Units: `chop` and `chip` wad; `hole`, `allHole` (Hole), `dust` and `tip` rad; `buf` and `cusp`
 *        ray; `tail` seconds.
 */
export interface ClipTwinSpec {
  readonly chop: bigint
  readonly hole: bigint
  readonly allHole: bigint
  readonly dust: bigint
  readonly buf: bigint
  readonly tail: bigint
  readonly cusp: bigint
  readonly chip: bigint
  readonly tip: bigint
  readonly calc: AbacusTwin
}

/** One auction, as `sales` of Clip has it; `due` is the sin that bark queued for it. */
export interface SaleTwin {
  tab: bigint
  lot: bigint
  readonly usr: string
  tic: bigint
  top: bigint
  readonly due: bigint
}

/** Urns of one ilk and their auctions. */
export interface ClipTwin {
  rate: bigint
  spot: bigint
  /** Price of the feed at par [ray]. */
  feed: bigint
  /** Sum of tabs under auction; of this ilk and of all, here the same. */
  dirt: bigint
  kicks: bigint
  stopped: 0 | 1 | 2 | 3
  readonly urns: Map<string, { ink: bigint; art: bigint }>
  readonly sales: Map<bigint, SaleTwin>
  /** Balances in the Vat; the system's own is that of `vow`, and `sin` what it owes. */
  readonly dai: Map<string, bigint>
  readonly gem: Map<string, bigint>
  sin: bigint
  bark(urn: string, kpr: string, now: bigint): string | null
  take(id: bigint, who: string, amt: bigint, max: bigint, now: bigint): string | null
  redo(id: bigint, kpr: string, now: bigint): string | null
  /** The price of an auction [ray], and whether it must be restarted. */
  status(id: bigint, now: bigint): { price: bigint; done: boolean }
}

/** Urns and auctions of one ilk, none yet. */
export function clipTwin(of: ClipTwinSpec): ClipTwin {
  const self: ClipTwin = {
    rate: RAY,
    spot: 0n,
    feed: 0n,
    dirt: 0n,
    kicks: 0n,
    stopped: 0,
    urns: new Map(),
    sales: new Map(),
    dai: new Map(),
    gem: new Map(),
    sin: 0n,
    bark: (urn, kpr, now) => bark(of, self, urn, kpr, now),
    take: (id, who, amt, max, now) => take(of, self, id, who, amt, max, now),
    redo: (id, kpr, now) => redo(of, self, id, kpr, now),
    status(id, now) {
      const { tic, top } = self.sales.get(id)!
      const price = priceAt(of.calc, top, now - tic)
      return { price, done: now - tic > of.tail || (price * RAY) / top < of.cusp }
    },
  }
  return self
}

/** Price of an auction this many seconds after its start. */
export function priceAt(calc: AbacusTwin, top: bigint, dur: bigint): bigint {
  if (calc.kind === 'linear')
    return dur >= calc.tau ? 0n : (top * (((calc.tau - dur) * RAY) / calc.tau)) / RAY
  const steps = calc.kind === 'stairstep' ? dur / calc.step : dur
  return (top * rpow(calc.cut, steps)) / RAY
}

/** x^n in rays by squaring, every product rounded half up. */
export function rpow(x: bigint, n: bigint): bigint {
  const times = (a: bigint, b: bigint) => (a * b + RAY / 2n) / RAY
  let base = x
  let result = n % 2n === 0n ? RAY : x
  for (let left = n / 2n; left > 0n; left /= 2n) {
    base = times(base, base)
    if (left % 2n === 1n) result = times(result, base)
  }
  return result
}

function bark(
  of: ClipTwinSpec,
  self: ClipTwin,
  urn: string,
  kpr: string,
  now: bigint,
): string | null {
  const { ink, art } = self.urns.get(urn)!
  const isUnsafe = self.spot > 0n && ink * self.spot < art * self.rate
  if (!isUnsafe) return 'Dog/not-unsafe'
  if (!(of.allHole > self.dirt && of.hole > self.dirt)) return 'Dog/liquidation-limit-hit'
  const room = min(of.allHole, of.hole) - self.dirt
  let dart = min(art, (room * WAD) / self.rate / of.chop)
  if (art > dart) {
    if ((art - dart) * self.rate < of.dust) dart = art
    else if (dart * self.rate < of.dust) return 'Dog/dusty-auction-from-partial-liquidation'
  }
  const dink = (ink * dart) / art
  if (dink === 0n) return 'Dog/null-auction'
  if (self.stopped >= 1) return 'Clipper/stopped-incorrect'
  const due = dart * self.rate
  const tab = (due * of.chop) / WAD
  const top = (self.feed * of.buf) / RAY
  self.urns.set(urn, { ink: ink - dink, art: art - dart })
  self.dirt += tab
  self.sin += due
  self.sales.set(++self.kicks, { tab, lot: dink, usr: urn, tic: now, top, due })
  reward(of, self, kpr, tab)
  return null
}

function take(
  of: ClipTwinSpec,
  self: ClipTwin,
  id: bigint,
  who: string,
  amt: bigint,
  max: bigint,
  now: bigint,
): string | null {
  if (self.stopped >= 3) return 'Clipper/stopped-incorrect'
  const sale = self.sales.get(id)
  if (sale === undefined) return 'Clipper/not-running-auction'
  const { price, done } = self.status(id, now)
  if (done) return 'Clipper/needs-reset'
  if (max < price) return 'Clipper/too-expensive'
  const { tab, lot } = sale
  const chost = (of.dust * of.chop) / WAD
  let slice = min(lot, amt)
  let owe = slice * price
  if (owe > tab) {
    owe = tab
    slice = owe / price
  } else if (owe < tab && slice < lot && tab - owe < chost) {
    if (tab <= chost) return 'Clipper/no-partial-purchase'
    owe = tab - chost
    slice = owe / price
  }
  sale.tab -= owe
  sale.lot -= slice
  add(self.gem, who, slice)
  add(self.dai, who, -owe)
  add(self.dai, 'vow', owe)
  self.dirt -= sale.lot === 0n ? sale.tab + owe : owe
  if (sale.lot === 0n) self.sales.delete(id)
  else if (sale.tab === 0n) {
    add(self.gem, sale.usr, sale.lot)
    self.sales.delete(id)
  }
  return null
}

function redo(
  of: ClipTwinSpec,
  self: ClipTwin,
  id: bigint,
  kpr: string,
  now: bigint,
): string | null {
  if (self.stopped >= 2) return 'Clipper/stopped-incorrect'
  const sale = self.sales.get(id)
  if (sale === undefined) return 'Clipper/not-running-auction'
  if (!self.status(id, now).done) return 'Clipper/cannot-reset'
  const chost = (of.dust * of.chop) / WAD
  sale.tic = now
  sale.top = (self.feed * of.buf) / RAY
  if (sale.tab >= chost && sale.lot * self.feed >= chost) reward(of, self, kpr, sale.tab)
  return null
}

/** Newly created DAI for whoever starts an auction: the system owes it. */
function reward({ tip, chip }: ClipTwinSpec, self: ClipTwin, kpr: string, tab: bigint): void {
  const coin = tip + (tab * chip) / WAD
  self.sin += coin
  add(self.dai, kpr, coin)
}

function add(balances: Map<string, bigint>, of: string, amount: bigint): void {
  balances.set(of, (balances.get(of) ?? 0n) + amount)
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
