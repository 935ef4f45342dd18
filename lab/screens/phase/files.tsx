/** The map as files: a picture of what is shown, and a table of everything. */

import { useCallback } from 'react'
import { phase } from '../../../src/figures/phase.ts'
import { ageOf, type FigureOptions } from '../../../src/figures/sheet.ts'
import { measureNames } from '../../engine/phaseMap.ts'
import { useFigures } from '../../export/figures.ts'
import { pngOf, save, textFile } from '../../export/save.ts'
import { rerunOf } from '../../export/stamp.ts'
import { isWhole } from '../../state/phase.ts'
import { type Ran, useLab } from '../../state/store.ts'
import { useTheme } from '../../state/theme.ts'
import type { Subject } from './facts.ts'
import { mapSweep } from './sweep.ts'

/**
 * Buttons for the files; the picture also stands in the export dialog.
 *
 * Rule: a picture is of a whole map, in the theme of the page. Its foot has the command of the
 *       same sweep; where there is none, it says that the map is one of the Lab.
 */
export function Files({
  subject,
  ran,
  command,
}: {
  readonly subject: Subject
  readonly ran: Ran
  readonly command: string | null
}) {
  const theme = useTheme(({ name }) => name)
  const draft = useLab(({ ranDraft }) => ranDraft)
  const draw = useCallback(
    (options: FigureOptions) => {
      const focus = { measure: subject.shown.measure, stat: 'mean' } as const
      const run = draft === null ? '' : `, of ${rerunOf(draft)}`
      const foot = { command: command ?? `Phase map of the Lab${run}`, stamp: ageOf(ran.report) }
      return phase(mapSweep(subject, ran), focus, { ...options, ...foot })
    },
    [subject, ran, draft, command],
  )
  const isDone = isWhole(subject.map)
  useFigures(isDone ? 'phase' : null, draw)
  const figure = () => draw({ width: WIDTH, theme })
  const name = `${ran.name}-phase`
  return (
    <span className="phase-files">
      <button
        type="button"
        disabled={!isDone}
        onClick={async () => save(`${name}.png`, await pngOf(figure()))}
      >
        PNG
      </button>
      <button
        type="button"
        disabled={!isDone}
        onClick={() => save(`${name}.svg`, textFile(figure().svg, 'image/svg+xml'))}
      >
        SVG
      </button>
      <button
        type="button"
        onClick={() => save(`${name}.csv`, textFile(csvOf(subject, ran), 'text/csv'))}
      >
        CSV
      </button>
    </span>
  )
}

/** Of a picture, before its pixels are doubled. */
const WIDTH = 1000

/** Every measure of every cell, with the run in each row. */
function csvOf({ map }: Subject, { runId, report: { seed } }: Ran): string {
  const head = ['run_id', 'seed', map.x.key, map.y.key, ...measureNames]
  const rows = [...map.known.keys()].map((k) => {
    const column = k % map.x.values.length
    const row = Math.floor(k / map.x.values.length)
    const numbers = measureNames.map((name) => {
      const value = map.values[name][k]
      return Number.isNaN(value) ? '' : String(value)
    })
    return [runId, seed, map.x.values[column], map.y.values[row], ...numbers]
  })
  return `${[head, ...rows].map((row) => row.join(',')).join('\n')}\n`
}
