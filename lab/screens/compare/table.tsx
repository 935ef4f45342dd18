/** Every measure of every arm, with one interval on what B changes against A. */

import {
  changeText,
  costText,
  intervalText,
  judgedNames,
  levelText,
  meanText,
  pairingWords,
  rowsShown,
  rowWords,
  sampleWords,
} from '../../../src/figures/compareFacts.ts'
import { counted } from '../../../src/format.ts'
import type { CompareReport, MeasureRow } from '../../../src/sweep/compare.ts'
import { useWidth } from '../../parts/picture.tsx'
import { type Side, sides } from '../../state/arms.ts'
import { type Shown, useCompare } from '../../state/compare.ts'
import { armOf, barOf, readsAs, sideThere } from './facts.ts'

export function DeltaTable({ shown }: { readonly shown: Shown }) {
  const side = sideThere(
    shown,
    useCompare((state) => state.against),
  )
  const { report, beside } = shown.compared
  const letter = side.toUpperCase()
  const [box, width] = useWidth()
  const own = report.arms.map((_, arm) => sides[arm])
  // An arm that changes nothing is its own column already.
  const bare = beside !== null && beside.arms.length > report.arms.length ? beside : null
  const columns = own.length + (bare === null ? 0 : 1)
  const isStacked = width < COLUMNS_LEAST + COLUMN * columns
  return (
    <section className="card cmp-table-card">
      <div ref={box} />
      <table className={isStacked ? 'cmp-table cmp-stacked' : 'cmp-table'}>
        <caption>
          {counted(report.pairs, 'pair')} of runs, same seeds; means. Differences are {letter} − A,
          with the {levelText(report, undefined)} interval of each alone.
        </caption>
        <thead>
          <tr>
            <th scope="col">Measure</th>
            {bare === null ? null : <th scope="col">As it is</th>}
            {own.map((one) => (
              <th key={one} scope="col" className={`arm-${one}`}>
                {one.toUpperCase()}
              </th>
            ))}
            <th scope="col">{letter} − A</th>
            <th scope="col">{levelText(report, undefined)} interval</th>
            <th scope="col" className="cmp-bar-head">
              <span>← {letter} better</span>
              <span>A better →</span>
            </th>
            <th scope="col">Reads as</th>
          </tr>
        </thead>
        <tbody>
          {rowsShown(report).map((row) => (
            <Row key={row.name} {...{ row, side, own }} bare={bare} />
          ))}
          <CostRow report={beside ?? report} own={own} shown={report} hasBare={bare !== null} />
        </tbody>
      </table>
      <Notes report={report} />
    </section>
  )
}

/** What the words of the table mean, and what the pairs are. */
function Notes({ report }: { readonly report: CompareReport }) {
  return (
    <details className="cmp-notes">
      <summary>How to read this</summary>
      <ul>
        <li>
          Better: the interval lies on one side of 0, on the side that is better for who bears the
          measure. Where it depends on who asks, the table says less or more. No difference shown is
          a result: 0 is in the interval.
        </li>
        <li>
          An arm dominates another where in {judgedNames(report)} it is nowhere shown to be worse,
          and somewhere better.
        </li>
        <li>{sampleWords(report, undefined)}.</li>
        <li>Intervals: {pairingWords(report, undefined)}.</li>
        {report.added.length === 0 ? null : (
          <li>
            The scenario has no time; this one was made up for it, from round numbers:{' '}
            {report.added.map(([key], i) => (
              <span key={key}>
                {i > 0 ? ', ' : ''}
                <code>{key}</code>
              </span>
            ))}
            .
          </li>
        )}
      </ul>
    </details>
  )
}

/** What the table takes: its other columns, and each arm; pixels. */
const COLUMNS_LEAST = 720
const COLUMN = 90

function Row({
  row,
  side,
  own,
  bare,
}: {
  readonly row: MeasureRow
  readonly side: Side
  readonly own: readonly Side[]
  readonly bare: CompareReport | null
}) {
  const arm = armOf(side)
  const beside = bare?.measures.find(({ name }) => name === row.name)
  const reads = readsAs(row, side)
  const words = rowWords(row)
  return (
    <tr>
      <th scope="row" title={row.definition}>
        {words[0].toUpperCase() + words.slice(1)}
      </th>
      {bare === null ? null : (
        <td data-head="As it is" className="quiet">
          {beside === undefined ? '–' : meanText(beside, 0, undefined)}
        </td>
      )}
      {own.map((one, i) => (
        <td key={one} data-head={one.toUpperCase()} className={`strong arm-${one}`}>
          {meanText(row, i, undefined)}
        </td>
      ))}
      <td data-head={`${side.toUpperCase()} − A`} className="strong">
        {changeText(row, arm, undefined)}
      </td>
      <td data-head="interval" className="quiet">
        {intervalText(row, arm, undefined) || '–'}
      </td>
      <td className="cmp-bar">
        <Bar row={row} side={side} winner={reads.side} />
      </td>
      <td
        className={reads.side === null ? 'quiet cmp-reads' : `strong cmp-reads arm-${reads.side}`}
      >
        {reads.text}
      </td>
    </tr>
  )
}

/** The interval around 0; hollow where no difference is shown. */
function Bar({
  row,
  side,
  winner,
}: {
  readonly row: MeasureRow
  readonly side: Side
  readonly winner: Side | null
}) {
  const bar = barOf(row, side)
  if (bar === null) return <span className="quiet">–</span>
  const at = (value: number) => `${50 + 44 * value}%`
  const tone = winner ?? 'none'
  return (
    <svg className="cmp-interval" width="100%" height="20" aria-hidden="true">
      <line x1="50%" x2="50%" y1="2" y2="18" className="zero" />
      <line x1={at(bar.from)} x2={at(bar.to)} y1="10" y2="10" className={`bar stroke-${tone}`} />
      <circle
        cx={at(bar.at)}
        cy="10"
        r="5"
        className={winner === null ? 'hollow' : `fill-${winner}`}
      />
    </svg>
  )
}

/** What each arm costs, measured from the scenario as it is. */
function CostRow({
  report,
  shown,
  own,
  hasBare,
}: {
  readonly report: CompareReport
  readonly shown: CompareReport
  readonly own: readonly Side[]
  readonly hasBare: boolean
}) {
  return (
    <tr className="cmp-cost">
      <th scope="row">Cost of the arm</th>
      <td colSpan={own.length + (hasBare ? 5 : 4)} className="cmp-cost-cell">
        {own.map((side, arm) => {
          const there = report.arms.findIndex(({ run_id }) => run_id === shown.arms[arm].run_id)
          return (
            <span key={side} className="cmp-cost-of">
              <strong className={`arm-${side}`}>{side.toUpperCase()}</strong>{' '}
              {there <= 0 ? 'none: the scenario as it is' : costText(report, there)}
            </span>
          )
        })}
      </td>
    </tr>
  )
}
