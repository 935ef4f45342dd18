import { beforeAll, describe, expect, it } from 'vitest'
import type { ReplayColumns } from '../../engine/replayColumns.ts'
import { type CausalScene, causalOf, layoutOf } from './causal.ts'
import { factsOf, type ReplayFacts } from './facts.ts'
import { instant, timed } from './replay.suite.ts'

let two: { columns: ReplayColumns; facts: ReplayFacts }
let slow: { columns: ReplayColumns; facts: ReplayFacts }
beforeAll(async () => {
  const [a, b] = [(await instant('two-protocols')).columns, (await timed('slow-oracle')).columns]
  two = { columns: a, facts: factsOf(a) }
  slow = { columns: b, facts: factsOf(b) }
})

const sceneOf = (at: number, followed = -1, of = two): CausalScene =>
  causalOf(of.columns, of.facts, at, followed)!

describe('causalOf', () => {
  it('law: both sides weigh what their rounds sold, so that the taller stack is the gain', () => {
    const { repaidUsd, gain } = two.columns.frames
    for (let at = 2; at <= two.facts.last; at++) {
      const { pushed, woken, title, from, to } = sceneOf(at)
      expect(pushed!.usd).toBeCloseTo(repaidUsd[at - 1], 4)
      expect(woken.usd).toBeCloseTo(repaidUsd[at], 4)
      if (gain[at] > 0) expect(title.includes('more')).toBe(gain[at] > 1)
      expect([from, to]).toEqual([
        two.columns.frames.price[at - 2],
        two.columns.frames.price[at - 1],
      ])
    }
  })

  it('edge: before the first sale there is nothing; the first round has no sales before it', () => {
    expect(causalOf(two.columns, two.facts, 0, -1)).toBeNull()
    expect(sceneOf(1)).toMatchObject({ pushed: null, from: two.columns.opening })
  })

  it('default: the followed account has its part of the push', () => {
    const { pushed } = sceneOf(5)
    const { account, usd } = pushed!.items[2]
    expect(sceneOf(5, account).share).toBeCloseTo(usd / pushed!.usd, 12)
    expect(sceneOf(5, pushed!.items.length + 10_000).share).toBeNull()
  })

  it('default: a block shows the sales that set its liquidations off, and keeps the last of them', () => {
    const { columns, facts } = slow
    const { events } = columns
    const n = events.cause!.findIndex((cause) => cause >= 0)
    const scene = sceneOf(events.frame[n], -1, slow)
    expect(scene.frame).toBe(events.frame[n])
    expect(scene.pushed!.head).toMatch(/^sold in block/)
    expect(sceneOf(events.frame[n] - 1, -1, slow).pushed).toBeNull()
    expect(causalOf(columns, facts, facts.last, -1)!.pushed).not.toBeNull()
    expect(causalOf(columns, facts, 1, -1)).toBeNull()
  })
})

describe('layoutOf', () => {
  it.each([336, 560, 828, 1400])(
    'law: stacks are in proportion and nothing overlaps (%i)',
    (width) => {
      for (let at = 1; at <= two.facts.last; at++) {
        const scene = sceneOf(at)
        const layout = layoutOf(scene, scene.woken.items.at(-1)!.account, width, 212)
        const heightOf = (side: typeof layout.left) =>
          side.reduce((sum, node) => sum + node.height, 0)
        const { left, right, columns } = layout
        if (scene.pushed !== null && Math.min(heightOf(left), heightOf(right)) > 21)
          expect(heightOf(right) / heightOf(left)).toBeCloseTo(
            scene.woken.usd / scene.pushed.usd,
            6,
          )
        expect(Math.max(heightOf(left), heightOf(right), layout.pushHeight)).toBeLessThanOrEqual(
          212.001,
        )
        for (const side of [left, right]) {
          side.forEach((node, i) => {
            expect(node.height).toBeGreaterThan(Math.min(19.9, heightOf(side) / side.length - 0.1))
            if (i > 0) expect(node.y).toBeCloseTo(side[i - 1].y + side[i - 1].height, 9)
          })
        }
        columns.reduce((end, column) => {
          expect(column.x).toBeGreaterThanOrEqual(end)
          return column.x + column.width
        }, 0)
        for (const { path } of layout.ribbons) expect(path).not.toMatch(/NaN|Infinity/)
      }
    },
  )

  it('law: what stands in the nodes is all of the side', () => {
    const scene = sceneOf(6)
    const { left, right } = layoutOf(scene, -1, 828, 212)
    const sum = (side: typeof left) => side.reduce((usd, node) => usd + node.usd, 0)
    expect(sum(left)).toBeCloseTo(scene.pushed!.usd, 4)
    expect(sum(right)).toBeCloseTo(scene.woken.usd, 4)
    expect(right.at(-1)).toMatchObject({
      isRest: true,
      name: `${scene.woken.items.length - 4} others`,
    })
  })

  it('default: the followed account stands first, alone, and in the book', () => {
    const scene = sceneOf(6)
    const { account } = scene.pushed!.items.at(-1)!
    const { left, followedHeight } = layoutOf(scene, account, 828, 212)
    expect(left[0]).toMatchObject({ account, isRest: false })
    expect(followedHeight).toBe(left[0].height)
  })
})
