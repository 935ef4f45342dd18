/** A cheap answer while a slider moves: the headline first, then a coarse curve. */

import { headline } from '../../src/analysis/headline.ts'
import { cobweb, roundRows } from '../../src/analysis/picture.ts'
import { type Bench, dropCurve, ignitionDrop } from '../../src/analysis/simulate.ts'
import { levelBins, outcomes } from '../../src/analysis/tables.ts'
import { debtOf } from '../../src/analysis/worldLadder.ts'
import { benchFor, bottomOf } from '../../src/instant.ts'
import type { Draft, DroppedFile, Questions, Sketch } from './protocol.ts'
import { readOf } from './run.ts'

/** What the last sketch was made on: dragging one slider asks for the same book again and again. */
interface Kept {
  readonly key: string
  readonly read: Awaited<ReturnType<typeof readOf>>
  readonly bench: Bench
}

let kept: Kept | null = null

/**
 * Sketches an instant scenario at its drop; null where it is timed.
 *
 * Rule:       headline, rounds, map and levels are those of the exact run: the same functions of
 *             the same engine. They go out first.
 * Simplifies: the curve has a point every 2.5 points of drop, and its cliffs are not refined.
 * Throws:     as `readScenario` and `run`
 */
export async function sketchDraft(
  draft: Draft,
  files: readonly DroppedFile[],
  part: (part: Sketch) => void,
): Promise<Questions['sketch']['answer']> {
  const asked = plainDrop(draft)
  const key = JSON.stringify({ ...draft, overrides: asked.others })
  const isKept = kept !== null && kept.key === key && asked.drop !== null
  if (!isKept) {
    const read = await readOf(draft, files)
    if (read.scenario.time !== null) return null
    kept = { key, read, bench: benchFor(read.scenario) }
  }
  const { read, bench } = kept!
  const { scenario } = read
  const drop = asked.drop ?? scenario.shock.drop
  const sketch = pictureOf(bench, drop)
  part(sketch)
  const drops = Array.from({ length: CELLS + 1 }, (_, i) => (i * DEEPEST) / CELLS)
  const curve = dropCurve(bench, drops)
  const debt = openingDebt(bench)
  const tolerance = scenario.ignitionTolerance * debt
  const isPast = (i: number) => curve.totalUsd[i] - curve.firstUsd[i] > tolerance
  return {
    ...sketch,
    ignition: scenario.feedback ? ignitionDrop(bench, drops, tolerance, isPast) : null,
    curve: {
      asset: scenario.assets[bench.asset].name,
      method: 'walk',
      drop: curve.drop,
      first_usd: curve.firstUsd,
      total_usd: curve.totalUsd,
      final_drop: curve.finalDrop,
      bad_debt_usd: curve.badDebtUsd,
      accounts: curve.accounts,
      avalanches: [],
    },
  }
}

function pictureOf(bench: Bench, drop: number): Sketch {
  const { base, prepared } = bench
  const { numbers, actual, parts } = headline(bench, drop)
  const rows = outcomes(base, prepared, actual, parts)
  const map = cobweb(bench, drop, actual)
  return {
    drop,
    numbers,
    rounds: roundRows(actual, map.shocked),
    map,
    levels: levelBins(base, prepared, rows, bottomOf(bench, actual, drop)),
  }
}

/** The drop as a slider writes it, and all other overrides; null where it is written otherwise. */
function plainDrop({ overrides }: Draft) {
  const given = overrides.findLast(([key]) => key === 'shock.drop')?.[1]
  const drop = given === undefined || !/^0?\.\d+$|^0$/.test(given) ? null : Number(given)
  const others = overrides.filter(([key]) => drop === null || key !== 'shock.drop')
  return { drop, others }
}

function openingDebt({ base, prepared }: Bench): number {
  let sum = 0
  for (const protocol of base.protocols)
    for (let i = 0; i < protocol.accounts.length; i++) sum += debtOf(protocol, i, prepared.opening)
  return sum
}

const DEEPEST = 0.4
const CELLS = 16
