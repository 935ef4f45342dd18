/** Why a frame sells what it sells: sales, the price they met and moved, the accounts woken. */

import { counted, money, percent, price } from '../../../src/format.ts'
import { OUTSIDE, type ReplayColumns } from '../../engine/replayColumns.ts'
import { isLiquidation, type ReplayFacts } from './facts.ts'
import { frameName, shortAccount } from './words.ts'

/** One account of a stack, or all those that have no room of their own. */
export interface CausalItem {
  /** -1 for the others, and for sales that no account owns. */
  readonly account: number
  readonly name: string
  readonly usd: number
  /** Whether a sale of the followed account woke it. */
  readonly isOwn: boolean
  /** Where it stood: `at $1,567`; '' where that is not known. */
  readonly level: string
}

/** The sales of one side, the largest first. */
export interface CausalSide {
  readonly head: string
  readonly line: string
  readonly usd: number
  readonly items: readonly CausalItem[]
}

/** What the picture shows. */
export interface CausalScene {
  /** The frame whose sales stand on the right. */
  readonly frame: number
  readonly title: string
  /** Null where the outside move alone came before. */
  readonly pushed: CausalSide | null
  /**
   * Dollars of sales that moved the price by a thousandth; '' where it did not move, and in time,
   * where others move it as well.
   */
  readonly book: string
  readonly from: number
  readonly to: number
  readonly woken: CausalSide
  /** Part of the push that the followed account made; null where it had none. */
  readonly share: number | null
}

/**
 * The scene of a frame.
 *
 * Rule:  a round is woken by all sales of the round before. A block shows the last block so far
 *        with liquidations that earlier forced sales made possible, and the sales that set each of
 *        them off; before there is one, the last block with liquidations.
 * Units: rounds weigh debt repaid, as the gain does; blocks weigh collateral at market prices.
 */
export function causalOf(
  columns: ReplayColumns,
  facts: ReplayFacts,
  at: number,
  followed: number,
): CausalScene | null {
  const scene =
    columns.kind === 'instant'
      ? ofRound(columns, facts, at, followed)
      : ofBlock(columns, facts, at, followed)
  if (scene === null) return null
  const share = scene.pushed?.items.find(({ account }) => account === followed && account >= 0)
  return { ...scene, share: share === undefined ? null : share.usd / scene.pushed!.usd }
}

type Scene = Omit<CausalScene, 'share'>

function ofRound(
  columns: ReplayColumns,
  facts: ReplayFacts,
  at: number,
  followed: number,
): Scene | null {
  const { frames, events } = columns
  if (at === 0) return null
  const usd = events.repaidUsd
  const woken = sideOf(columns, eventsOf(facts, at), usd, `woke in round ${at}`, followed)
  if (at === 1) {
    const [from, to] = [columns.opening, frames.price[0]]
    return {
      frame: at,
      title: 'What the outside move alone forces',
      pushed: null,
      book: '',
      from,
      to,
      woken,
    }
  }
  const pushed = sideOf(columns, eventsOf(facts, at - 1), usd, `sold in round ${at - 1}`)
  const [from, to] = [frames.price[at - 2], frames.price[at - 1]]
  return {
    ...{ frame: at, pushed, from, to, woken },
    title: `Why round ${at} sells ${woken.usd > pushed.usd ? 'more' : 'less'} than round ${at - 1}`,
    book: bookLine(frames.soldUsd[at - 1], from, to),
  }
}

function ofBlock(
  columns: ReplayColumns,
  facts: ReplayFacts,
  at: number,
  followed: number,
): Scene | null {
  const frame = lastForced(columns, facts, at) ?? lastLiquidating(columns, facts, at)
  if (frame === null) return null
  const { events } = columns
  const liquidated = eventsOf(facts, frame).filter((n) => isLiquidation(columns, n))
  const usd = events.worthUsd
  const woken = sideOf(
    columns,
    liquidated,
    usd,
    `liquidated in ${frameName(columns, frame)}`,
    followed,
  )
  const title = `What set off the liquidations of ${frameName(columns, frame)}`
  const sales = [...new Set(liquidated.map((n) => events.cause?.[n] ?? OUTSIDE))]
    .filter((n) => n >= 0)
    .sort((a, b) => a - b)
  const to = columns.frames.price[frame - 1]
  if (sales.length === 0)
    return { frame, title, pushed: null, book: '', from: columns.opening, to, woken }
  const [first, last] = [events.frame[sales[0]], events.frame[sales[sales.length - 1]]]
  const when = first === last ? frameName(columns, first) : `blocks ${first} to ${last}`
  const from = columns.frames.price[Math.max(0, first - 1)]
  const pushed = sideOf(columns, sales, usd, `sold in ${when}`)
  return { frame, title, pushed, from, to, woken, book: '' }
}

/** The last frame so far with a liquidation whose cause is a sale; null without one. */
function lastForced(
  { events }: ReplayColumns,
  { firstEvent }: ReplayFacts,
  at: number,
): number | null {
  for (let n = firstEvent[at + 1] - 1; n >= 0; n--)
    if ((events.cause?.[n] ?? OUTSIDE) >= 0) return events.frame[n]
  return null
}

function lastLiquidating(
  columns: ReplayColumns,
  { firstEvent }: ReplayFacts,
  at: number,
): number | null {
  for (let n = firstEvent[at + 1] - 1; n >= 0; n--)
    if (isLiquidation(columns, n)) return columns.events.frame[n]
  return null
}

function eventsOf({ firstEvent }: ReplayFacts, frame: number): number[] {
  const from = firstEvent[frame]
  return Array.from({ length: firstEvent[frame + 1] - from }, (_, n) => from + n)
}

function sideOf(
  columns: ReplayColumns,
  events: readonly number[],
  usd: Float64Array,
  head: string,
  /** Who is followed, on the side that is woken; null on the other. */
  followed: number | null = null,
): CausalSide {
  const { account, level, cause } = columns.events
  const by = new Map<number, { usd: number; level: string; isOwn: boolean }>()
  let all = 0
  for (const n of events) {
    const before = by.get(account[n])
    const isOwn = followed !== null && followed >= 0 && account[cause?.[n] ?? -1] === followed
    const stood = level === null || followed === null ? '' : `at ${price(level[n])}`
    all += usd[n]
    if (before === undefined) by.set(account[n], { usd: usd[n], level: stood, isOwn })
    else {
      before.usd += usd[n]
      before.isOwn ||= isOwn
    }
  }
  const items = [...by]
    .map(([account, part]) => ({ account, name: nameOf(columns, account), ...part }))
    .sort((a, b) => b.usd - a.usd)
  return { head, line: `${counted(items.length, 'account')}, ${money(all)}`, usd: all, items }
}

function nameOf({ accounts }: ReplayColumns, account: number): string {
  return account < 0 ? 'the protocol' : shortAccount(accounts[account])
}

function bookLine(soldUsd: number, from: number, to: number): string {
  const fall = 1 - to / from
  return fall > 0 && soldUsd > 0 ? `${money((soldUsd / fall) * 0.001)} per ${percent(0.001)}` : ''
}

/** A node of the picture, in pixels. */
export interface CausalNode extends CausalItem {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly isRest: boolean
}

/** A band between two columns; paths for an SVG. */
export interface Ribbon {
  readonly path: string
  readonly account: number
}

/** Where everything stands. */
export interface CausalLayout {
  readonly width: number
  readonly height: number
  readonly isNarrow: boolean
  readonly columns: readonly { readonly x: number; readonly width: number }[]
  readonly left: readonly CausalNode[]
  readonly right: readonly CausalNode[]
  readonly pushHeight: number
  readonly ribbons: readonly Ribbon[]
  /** Height of the followed account in the book. */
  readonly followedHeight: number
}

/**
 * Places the picture: both stacks on one scale of dollars, so that the taller one is the larger.
 *
 * Rule: accounts that would be lower than a line of text stand together as `n others`; the account
 *       that is followed comes first and stands alone.
 * Units: px.
 */
export function layoutOf(
  { pushed, woken, book }: CausalScene,
  followed: number,
  width: number,
  height: number,
): CausalLayout {
  const columns = columnsOf(width, book !== '')
  const [a, b, c, d] = columns
  const largest = Math.max(pushed?.usd ?? 0, woken.usd)
  const scale = largest > 0 ? height / largest : 0
  const pushHeight = pushed === null ? height : Math.max(LINE, pushed.usd * scale)
  const left = pushed === null ? [] : stackOf(pushed, followed, a, pushHeight)
  const right = stackOf(woken, followed, d, Math.max(LINE, woken.usd * scale))
  const own = left.find(({ account }) => account === followed && account >= 0)
  const into = b.width > 0 ? b : c
  const ribbons = [
    ...left.map((node, i) => ribbon(node, a.x + a.width, into.x, slot(left, i, pushHeight))),
    ...(b.width > 0 && pushed !== null
      ? left.map((node, i) => {
          const at = slot(left, i, pushHeight)
          return ribbon({ ...at, account: node.account }, b.x + b.width, c.x, at)
        })
      : []),
    ...right.map((node, i) =>
      ribbon({ ...slot(right, i, pushHeight), account: node.account }, c.x + c.width, d.x, node),
    ),
  ]
  return {
    width,
    height,
    isNarrow: width < NARROW,
    columns,
    left,
    right,
    pushHeight,
    ribbons,
    followedHeight: own?.height ?? 0,
  }
}

/** Four columns; the book has no width where there is no room for it, or nothing to say. */
function columnsOf(width: number, hasBook: boolean): { x: number; width: number }[] {
  const isNarrow = width < NARROW
  const stack = isNarrow ? Math.floor(width * 0.36) : Math.floor(width * 0.21)
  const woken = isNarrow ? stack : Math.floor(width * 0.265)
  const middle = isNarrow ? 64 : Math.max(76, Math.floor(width * 0.09))
  const between = (width - stack - woken - middle) / 2
  if (isNarrow || !hasBook)
    return [
      { x: 0, width: stack },
      { x: stack, width: 0 },
      { x: stack + between, width: middle },
      { x: width - woken, width: woken },
    ]
  const book = Math.floor(width * 0.048)
  const gap = (width - stack - book - middle - woken) / 3
  return [
    { x: 0, width: stack },
    { x: stack + gap, width: book },
    { x: stack + gap + book + gap, width: middle },
    { x: width - woken, width: woken },
  ]
}

function stackOf(
  { items, usd }: CausalSide,
  followed: number,
  column: { x: number; width: number },
  height: number,
): CausalNode[] {
  const own = items.filter(({ account }) => account === followed && account >= 0)
  const ordered = [...own, ...items.filter((item) => !own.includes(item))]
  const room = Math.max(1, Math.min(STACK, Math.floor(height / LINE)))
  const isWhole = ordered.length <= room
  const named = isWhole ? ordered : ordered.slice(0, Math.max(own.length, room - 1))
  const rest = ordered.slice(named.length)
  const restUsd = rest.reduce((sum, item) => sum + item.usd, 0)
  const others = {
    account: -1,
    name: `${rest.length} others`,
    usd: restUsd,
    level: '',
    isOwn: false,
  }
  const shown = rest.length === 0 ? named : [...named, others]
  const heights = heightsOf(
    shown.map((item) => (usd > 0 ? item.usd / usd : 1)),
    height,
  )
  let y = 0
  return shown.map((item, i) => {
    const at = { x: column.x, width: column.width, y, height: heights[i] }
    y += heights[i]
    return { ...item, ...at, isRest: item === others }
  })
}

/** Heights in proportion, none below a line of text while there is room; they fill `height`. */
function heightsOf(shares: readonly number[], height: number): number[] {
  const least = Math.min(LINE, height / shares.length)
  const isLow = shares.map((share) => share * height < least)
  const low = isLow.filter(Boolean).length
  const rest = shares.reduce((sum, share, i) => sum + (isLow[i] ? 0 : share), 0)
  const left = height - low * least
  const once = shares.map((share, i) => (isLow[i] ? least : (share / rest) * left))
  // What was raised to a line may push another below one: it is raised as well.
  const again = once.map((one) => Math.max(least, one))
  const over = again.reduce((sum, one) => sum + one, 0) - height
  const tallest = again.indexOf(Math.max(...again))
  return again.map((one, i) => (i === tallest ? one - over : one))
}

/** The part of the push's height that a node stands for. */
function slot(nodes: readonly CausalNode[], i: number, height: number) {
  const all = nodes.reduce((sum, node) => sum + node.height, 0)
  const above = nodes.slice(0, i).reduce((sum, node) => sum + node.height, 0)
  return { y: (above / all) * height, height: (nodes[i].height / all) * height }
}

function ribbon(
  from: { readonly y: number; readonly height: number; readonly account: number },
  x1: number,
  x2: number,
  to: { readonly y: number; readonly height: number },
): Ribbon {
  const middle = (x1 + x2) / 2
  const n = (value: number) => value.toFixed(1)
  const curve = (y1: number, y2: number, x: number) =>
    `C${n(middle)} ${n(y1)} ${n(middle)} ${n(y2)} ${n(x)} ${n(y2)}`
  const path =
    `M${n(x1)} ${n(from.y)}${curve(from.y, to.y, x2)}` +
    `V${n(to.y + to.height - GAP)}${curve(to.y + to.height - GAP, from.y + from.height - GAP, x1)}Z`
  return { path, account: from.account }
}

/** Lowest node that holds a line of text; most nodes of a stack; below this there is no book. */
const LINE = 20
const STACK = 5
/** Between two nodes and two ribbons. */
const GAP = 2
const NARROW = 560
