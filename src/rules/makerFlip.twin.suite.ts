/**
 * Exact integers of Maker's Vat, Cat and Flip: what the float rules and the chain's own bytecode
 * are compared with. Native words and units: wad 1e18, ray 1e27, rad 1e45.
 */

export const WAD = 10n ** 18n
export const RAY = 10n ** 27n
export const RAD = 10n ** 45n

/**
 * What governance sets.
 *
 * Units: `chop` is a ray in 1.0 and a wad in 1.2; `most` is lump [wad] in 1.0 and dunk [rad] in
 *        1.2; `box`, `dust` and `line` rad, `beg` wad, times in seconds.
 */
export interface FlipTwinSpec {
  readonly version: '1.0' | '1.2'
  readonly chop: bigint
  readonly most: bigint
  readonly box: bigint
  readonly dust: bigint
  readonly line: bigint
  readonly beg: bigint
  readonly ttl: bigint
  readonly tau: bigint
}

/** One auction, as `bids` of Flip has it; `tic` is 0 before the first bid. */
export interface FlipBid {
  bid: bigint
  lot: bigint
  guy: string
  tic: bigint
  end: bigint
  readonly usr: string
  readonly tab: bigint
}

/** Says why not, in the words of the contracts; null: done. */
export type Refusal = string | null

/** Urns of one ilk and their auctions. */
export interface FlipTwin {
  rate: bigint
  spot: bigint
  Art: bigint
  litter: bigint
  kicks: bigint
  readonly urns: Map<string, { ink: bigint; art: bigint }>
  readonly bids: Map<bigint, FlipBid>
  /** Balances in the Vat; the system's own are those of `vow` and `flip`. */
  readonly dai: Map<string, bigint>
  readonly gem: Map<string, bigint>
  readonly sin: Map<string, bigint>
  frob(urn: string, dink: bigint, dart: bigint): Refusal
  bite(urn: string, now: bigint): Refusal
  tend(id: bigint, guy: string, lot: bigint, bid: bigint, now: bigint): Refusal
  dent(id: bigint, guy: string, lot: bigint, bid: bigint, now: bigint): Refusal
  deal(id: bigint, now: bigint): Refusal
  tick(id: bigint, now: bigint): Refusal
}

/** Urns and auctions of one ilk, none yet. */
export function flipTwin(of: FlipTwinSpec): FlipTwin {
  const self: FlipTwin = {
    rate: RAY,
    spot: 0n,
    Art: 0n,
    litter: 0n,
    kicks: 0n,
    urns: new Map(),
    bids: new Map(),
    dai: new Map(),
    gem: new Map(),
    sin: new Map(),
    frob: (urn, dink, dart) => frob(of, self, urn, dink, dart),
    bite: (urn, now) => bite(of, self, urn, now),
    tend(id, guy, lot, bid, now) {
      const at = self.bids.get(id)
      if (at === undefined) return 'Flipper/guy-not-set'
      const closed = closedFor(at, now)
      if (closed !== null) return closed
      if (lot !== at.lot) return 'Flipper/lot-not-matching'
      if (bid > at.tab) return 'Flipper/higher-than-tab'
      if (bid <= at.bid) return 'Flipper/bid-not-higher'
      const isRaised = bid * WAD >= of.beg * at.bid || bid === at.tab
      if (!isRaised) return 'Flipper/insufficient-increase'
      lead(self, at, guy)
      move(self.dai, guy, 'vow', bid - at.bid)
      at.bid = bid
      at.tic = now + of.ttl
      return null
    },
    dent(id, guy, lot, bid, now) {
      const at = self.bids.get(id)
      if (at === undefined) return 'Flipper/guy-not-set'
      const closed = closedFor(at, now)
      if (closed !== null) return closed
      if (bid !== at.bid) return 'Flipper/not-matching-bid'
      if (bid !== at.tab) return 'Flipper/tend-not-finished'
      if (lot >= at.lot) return 'Flipper/lot-not-lower'
      if (of.beg * lot > at.lot * WAD) return 'Flipper/insufficient-decrease'
      lead(self, at, guy)
      move(self.gem, 'flip', at.usr, at.lot - lot)
      at.lot = lot
      at.tic = now + of.ttl
      return null
    },
    deal(id, now) {
      const at = self.bids.get(id)
      const isOver = at !== undefined && at.tic !== 0n && (at.tic < now || at.end < now)
      if (!isOver) return 'Flipper/not-finished'
      if (of.version === '1.2') self.litter -= at.tab
      move(self.gem, 'flip', at.guy, at.lot)
      self.bids.delete(id)
      return null
    },
    tick(id, now) {
      const at = self.bids.get(id)
      if (at !== undefined && at.end >= now) return 'Flipper/not-finished'
      if (at === undefined) return 'Flipper/no-such-auction'
      if (at.tic !== 0n) return 'Flipper/bid-already-placed'
      at.end = now + of.tau
      return null
    },
  }
  return self
}

/** An urn changes by its owner's hand. */
function frob(
  { dust, line }: FlipTwinSpec,
  self: FlipTwin,
  urn: string,
  dink: bigint,
  dart: bigint,
): Refusal {
  const was = self.urns.get(urn) ?? { ink: 0n, art: 0n }
  const ink = was.ink + dink
  const art = was.art + dart
  const tab = self.rate * art
  const isRiskier = dart > 0n || dink < 0n
  if (dart > 0n && (self.Art + dart) * self.rate > line) return 'Vat/ceiling-exceeded'
  if (isRiskier && tab > ink * self.spot) return 'Vat/not-safe'
  if (art !== 0n && tab < dust) return 'Vat/dust'
  self.urns.set(urn, { ink, art })
  self.Art += dart
  add(self.gem, urn, -dink)
  add(self.dai, urn, self.rate * dart)
  return null
}

function bite(of: FlipTwinSpec, self: FlipTwin, urn: string, now: bigint): Refusal {
  const { ink, art } = self.urns.get(urn) ?? { ink: 0n, art: 0n }
  const isUnsafe = self.spot > 0n && ink * self.spot < art * self.rate
  if (!isUnsafe) return 'Cat/not-unsafe'
  const isLimited = self.litter >= of.box || of.box - self.litter < of.dust
  if (of.version === '1.2' && isLimited) return 'Cat/liquidation-limit-hit'
  const cut = of.version === '1.2' ? cutByDebt(of, self, ink, art) : cutByLot(of, ink, art)
  if (of.version === '1.2' && (cut.dart === 0n || cut.dink === 0n)) return 'Cat/null-auction'
  const due = cut.dart * self.rate
  const tab = (due * of.chop) / (of.version === '1.2' ? WAD : RAY)
  self.urns.set(urn, { ink: ink - cut.dink, art: art - cut.dart })
  self.Art -= cut.dart
  add(self.gem, 'flip', cut.dink)
  add(self.sin, 'vow', due)
  if (of.version === '1.2') self.litter += tab
  const end = now + of.tau
  const opened = { bid: 0n, lot: cut.dink, guy: 'cat', tic: 0n, end, usr: urn, tab }
  self.bids.set(++self.kicks, opened)
  return null
}

/** At most `lump` of collateral, and debt in proportion. */
function cutByLot({ most }: FlipTwinSpec, ink: bigint, art: bigint) {
  const dink = min(ink, most)
  return { dink, dart: min(art, (dink * art) / ink) }
}

/** At most `dunk` of debt with its penalty, and collateral in proportion. */
function cutByDebt({ most, box, chop }: FlipTwinSpec, self: FlipTwin, ink: bigint, art: bigint) {
  const room = min(most, box - self.litter)
  const dart = min(art, (room * WAD) / self.rate / chop)
  return { dart, dink: min(ink, (ink * dart) / art) }
}

function closedFor({ tic, end }: FlipBid, now: bigint): Refusal {
  if (tic !== 0n && tic <= now) return 'Flipper/already-finished-tic'
  return end <= now ? 'Flipper/already-finished-end' : null
}

/** The bidder pays back the one before. */
function lead(self: FlipTwin, at: FlipBid, guy: string): void {
  if (guy === at.guy) return
  move(self.dai, guy, at.guy, at.bid)
  at.guy = guy
}

function move(balances: Map<string, bigint>, from: string, to: string, amount: bigint): void {
  add(balances, from, -amount)
  add(balances, to, amount)
}

function add(balances: Map<string, bigint>, of: string, amount: bigint): void {
  balances.set(of, (balances.get(of) ?? 0n) + amount)
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
