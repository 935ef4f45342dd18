import { describe, expect, it } from 'vitest'
import { instantRun } from '../../src/instant.ts'
import type { Metric, Report } from '../../src/report.ts'
import { coarseFirst, opening, phaseOf } from './phase.ts'
import { IGNITES_AT, measureNames, type PhasePart } from './phaseMap.ts'
import type { Draft } from './protocol.ts'
import { readOf } from './run.ts'

const draft: Draft = {
  entry: 'eth-lending',
  text: null,
  overrides: [
    ['protocols.market.book.synthetic.0.accounts', '80'],
    ['protocols.market.book.synthetic.1.accounts', '80'],
  ],
}
const drops = { key: 'shock.drop', values: ['5%', '10%', '15%', '20%', '25%'] }
const haircuts = { key: 'depth.haircut', values: ['0%', '30%', '60%'] }

async function partsOf(ask: Parameters<typeof phaseOf>[0]) {
  const parts: PhasePart[] = []
  const done = await phaseOf(ask, [], (part) => parts.push(part))
  return { parts, done }
}

/** Values by cell, as a page puts them together. */
function columnOf(parts: readonly PhasePart[], name: 'feedback' | 'total_liquidated_usd') {
  const column: number[] = []
  for (const { from, step, values } of parts)
    values[name].forEach((value, k) => {
      column[from + k * step] = value
    })
  return column
}

async function reportOf(overrides: Draft['overrides']): Promise<Report> {
  const read = await readOf({ ...draft, overrides: [...draft.overrides, ...overrides] }, [])
  const { runId, engineVersion, data } = read
  return instantRun(opening(read.scenario), { runId, engineVersion, data })
}

function numberIn({ metrics }: Report, name: string): number | null {
  return (metrics[name] as Metric).value
}

describe('a phase map', () => {
  it('law: each cell has the numbers of its own run', async () => {
    const { parts, done } = await partsOf({ draft, x: drops, y: haircuts, first: 1 })
    expect(done).toEqual({ cells: 15, refused: 0 })
    expect(parts.map(({ from }) => from)).toEqual([5, 0, 10])
    const part = parts[2]
    const report = await reportOf([
      ['depth.haircut', '60%'],
      ['shock.drop', '20%'],
    ])
    const shown = measureNames.filter((name) => name !== 'feedback')
    const numbers = shown.map((name) => [name, part.values[name][3]])
    expect(numbers).toEqual(shown.map((name) => [name, numberIn(report, name)]))
  })

  it('law: the edge of a line is the ignition of its report, between cells that differ', async () => {
    const { parts } = await partsOf({ draft, x: drops, y: haircuts, first: 0 })
    for (const [k, haircut] of haircuts.values.entries()) {
      const part = parts.find(({ from }) => from === 5 * k)!
      const report = await reportOf([['depth.haircut', haircut]])
      expect(part.edge).toBeCloseTo(numberIn(report, 'ignition_drop')!, 5)
      const past = drops.values.findIndex((_, i) => part.values.feedback[i] > IGNITES_AT)
      expect(part.edge).toBeLessThanOrEqual(Number.parseFloat(drops.values[past]) / 100)
      expect(part.edge).toBeGreaterThan(Number.parseFloat(drops.values[past - 1]) / 100)
    }
  })

  it('law: turned round it is the same map', async () => {
    const upright = await partsOf({ draft, x: drops, y: haircuts, first: 0 })
    const turned = await partsOf({ draft, x: haircuts, y: drops, first: 0 })
    const [one, other] = [upright.parts, turned.parts].map((parts) => columnOf(parts, 'feedback'))
    expect(turned.parts.every(({ step }) => step === 3)).toBe(true)
    expect(other).toEqual(drops.values.flatMap((_, i) => [0, 1, 2].map((k) => one[5 * k + i])))
  })

  it('behaviour: without the drop, every cell is read by itself', async () => {
    const thresholds = {
      key: 'protocols.market.rules.assets.ETH.threshold',
      values: ['80%', '83%', '120%'],
    }
    const { parts, done } = await partsOf({ draft, x: thresholds, y: haircuts, first: -1 })
    expect(done).toEqual({ cells: 9, refused: 3 })
    const report = await reportOf([
      ['depth.haircut', '30%'],
      [thresholds.key, '80%'],
    ])
    expect(columnOf(parts, 'total_liquidated_usd')[3]).toBe(
      numberIn(report, 'total_liquidated_usd'),
    )
    // No threshold is above 1.
    expect(columnOf(parts, 'total_liquidated_usd')[5]).toBeNaN()
    expect(parts[0].refused).toMatch(/^FB\d{4}: /)
    expect(parts[0].edge).toBeNull()
  })

  it('edge: a line that does not read is refused as a whole', async () => {
    const wrong = { key: 'depth.haircut', values: ['0%', '140%'] }
    const { parts, done } = await partsOf({ draft, x: drops, y: wrong, first: 0 })
    expect(done).toEqual({ cells: 10, refused: 5 })
    expect(parts[1].refused).toMatch(/^FB2013: /)
    expect(parts[1].values.amplification.every(Number.isNaN)).toBe(true)
  })

  it('behaviour: a run in time is looked at as it opens', async () => {
    const timed: Draft = { entry: 'slow-oracle', text: null, overrides: [] }
    const { parts } = await partsOf({ draft: timed, x: drops, y: haircuts, first: 0 })
    const { scenario } = await readOf(timed, [])
    const at = { ...opening(scenario), shock: { ...scenario.shock, drop: 0.25 } }
    const report = instantRun(at, { runId: '', engineVersion: '', data: [] })
    expect(parts[0].values.total_liquidated_usd[4]).toBe(numberIn(report, 'total_liquidated_usd'))
  })
})

describe('the order of lines', () => {
  it('law: every line once, the first as asked, then ever closer', () => {
    expect(coarseFirst(9, 5)).toEqual([5, 0, 8, 4, 2, 6, 1, 3, 7])
    expect(coarseFirst(1, -1)).toEqual([0])
    for (const length of [2, 3, 7, 33]) {
      const order = coarseFirst(length, -1)
      expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length }, (_, k) => k))
    }
  })
})
