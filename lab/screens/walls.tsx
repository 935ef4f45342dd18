/** Walls: what waits at each price, what could take it, and who it is. */

import './walls.css'
import { useCallback, useEffect, useMemo } from 'react'
import { healthHistogram } from '../../src/figures/healthHistogram.ts'
import { tallestWall } from '../../src/figures/levels.ts'
import type { FigureOptions } from '../../src/figures/sheet.ts'
import { slippage } from '../../src/figures/slippage.ts'
import { count, counted, factor, money, price } from '../../src/format.ts'
import type { Report } from '../../src/report.ts'
import type { Walls } from '../engine/wallsTable.ts'
import { Card } from '../parts/card.tsx'
import { type HeadlineNumber, Headlines } from '../parts/headlines.tsx'
import { Picture } from '../parts/picture.tsx'
import { useOpening } from '../state/opening.ts'
import { useLab } from '../state/store.ts'
import { ask, type Span, show, useWalls } from '../state/walls.ts'
import { Accounts } from './walls/accounts.tsx'
import { Levels } from './walls/levels.tsx'
import { type Needed, neededAt, rowsOf, sumsOf } from './walls/rows.ts'

export function WallsScreen() {
  const draft = useLab((state) => state.ranDraft)
  const { report, isTimed } = useOpening()
  const walls = useWalls((state) => state.walls)
  const names = report?.book.protocols.map(({ name }) => name) ?? []
  const protocol = useKnown('protocol', names)
  const venue = useKnown('venue', walls?.venues ?? [])
  useEffect(() => {
    if (draft !== null) void ask(draft, protocol, venue)
  }, [draft, protocol, venue])
  if (report === null || walls === null)
    return <p className="card note">The walls of the opening state are on their way.</p>
  return <Screen {...{ report, walls, isTimed, names }} />
}

/** A filter, where the scenario still has what it names. */
function useKnown(filter: 'protocol' | 'venue', names: readonly string[]): string | null {
  const wanted = useWalls((state) => state[filter])
  return wanted !== null && names.includes(wanted) ? wanted : null
}

interface Parts {
  readonly report: Report
  readonly walls: Walls
}

function Screen({
  report,
  walls,
  isTimed,
  names,
}: Parts & { readonly isTimed: boolean; readonly names: readonly string[] }) {
  const isStale = useWalls((state) => state.isStale)
  const wanted = useWalls()
  const shown = useMemo(() => ({ ...report, levels: walls.levels }), [report, walls])
  const isAll = wanted.span === null
  const span = spanIn(walls, wanted.span ?? tallestIn(walls))
  const { search, least, sort } = wanted
  const [low, high] = [neededAt(walls.reach, span[0]), neededAt(walls.reach, span[1])]
  const rows = useMemo(() => {
    const prices = isAll ? null : { low: low.price, high: high.price }
    return rowsOf(walls.accounts, { prices, search, least, sort })
  }, [walls, isAll, low.price, high.price, search, least, sort])
  const sums = sumsOf(walls.accounts, rows)
  const place = isAll ? 'at any price' : `from ${price(low.price)} to ${price(high.price)}`
  const title = `${counted(rows.length, 'account')} with ${money(sums.debt)} of debt ${place}`
  return (
    <div className={isStale ? 'walls is-stale' : 'walls'}>
      {isTimed ? (
        <p className="card note">
          This scenario runs in time; its walls are those of the opening state, before any block. To
          see them move, watch the run in Replay.
        </p>
      ) : null}
      <Headlines
        numbers={numbersOf(report, walls, span, { low, high, isAll, count: rows.length, ...sums })}
      />
      <section className="card" aria-label="Liquidation levels">
        <Filters names={names} venues={walls.venues} />
        <Levels report={shown} />
      </section>
      <Accounts accounts={walls.accounts} rows={rows} title={title} subject={report} />
      <Two report={report} />
    </div>
  )
}

/** The level that is tallest beside its bids, of those on the path; all where none is. */
function tallestIn({ levels }: Walls): Span | null {
  const wall = tallestWall(levels)
  if (wall === null) return null
  const edge = levels.length - levels.indexOf(wall.bin)
  return [edge - 1, edge]
}

/** The levels that are looked at; another scenario may have fewer. */
function spanIn({ levels }: Walls, span: Span | null): Span {
  const high = Math.min(span?.[1] ?? levels.length, levels.length)
  return [Math.min(span?.[0] ?? 0, high - 1), high]
}

interface Found {
  readonly low: Needed
  readonly high: Needed
  /** Whether nothing was chosen, so that the range is that of the tallest wall. */
  readonly isAll: boolean
  readonly count: number
  readonly debt: number
  readonly collateral: number
}

/** What waits in the levels that are looked at, and what must trade to get there and through. */
function numbersOf(report: Report, walls: Walls, span: Span, found: Found): HeadlineNumber[] {
  const { asset } = report.shock
  const bins = walls.levels.slice(walls.levels.length - span[1], walls.levels.length - span[0])
  const sum = (of: (bin: (typeof bins)[number]) => number) =>
    bins.reduce((all, bin) => all + of(bin), 0)
  const wall = found.isAll ? 'the tallest wall, ' : ''
  const waits = sum((bin) => bin.first_usd + bin.feedback_usd + bin.untouched_usd)
  const bids = sum((bin) => bin.bids_usd)
  const ratio = bids > 0 ? waits / bids : null
  return [
    {
      label: found.isAll ? 'Debt that waits' : 'Debt that waits here',
      value: money(found.debt),
      note: `${counted(found.count, 'account')} · ${money(found.collateral)} of collateral`,
    },
    needed(`To reach ${wall}${price(found.high.price)}`, found.high, asset),
    needed(`To fall through ${price(found.low.price)}`, found.low, asset),
    {
      label: 'Wall ÷ book',
      value: ratio === null ? '–' : `${factor(ratio)}×`,
      note: ratio === null ? 'no bids here' : `${money(waits)} over ${money(bids)} of bids`,
      tone: ratio !== null && ratio > 1 ? 'total' : 'plain',
    },
  ]
}

function needed(
  label: string,
  { units, usd, extrapolated }: Needed,
  asset: string,
): HeadlineNumber {
  if (units === null || usd === null)
    return { label, value: '–', note: 'no sale on these venues leads there' }
  if (units === 0) return { label, value: '$0', note: 'the price stands there now' }
  const seen = extrapolated ? ', beyond the observed book' : ''
  return { label, value: money(usd), note: `${count(units)} ${asset} must trade${seen}` }
}

function Filters({
  names,
  venues,
}: {
  readonly names: readonly string[]
  readonly venues: readonly string[]
}) {
  const protocol = useWalls((state) => state.protocol)
  const venue = useWalls((state) => state.venue)
  if (names.length < 2 && venues.length < 2) return null
  return (
    <div className="filters">
      {names.length < 2 ? null : (
        <Filter
          word="Protocol"
          all="all protocols"
          value={protocol}
          values={names}
          filter="protocol"
        />
      )}
      {venues.length < 2 ? null : (
        <Filter word="Venue" all="all venues" value={venue} values={venues} filter="venue" />
      )}
    </div>
  )
}

function Filter({
  word,
  all,
  value,
  values,
  filter,
}: {
  readonly word: string
  readonly all: string
  readonly value: string | null
  readonly values: readonly string[]
  readonly filter: 'protocol' | 'venue'
}) {
  return (
    <label>
      {word}{' '}
      <select
        value={value ?? ''}
        onChange={({ target }) => show({ [filter]: target.value === '' ? null : target.value })}
      >
        <option value="">{all}</option>
        {values.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

function Two({ report }: { readonly report: Report }) {
  const health = useCallback((options: FigureOptions) => healthHistogram(report, options), [report])
  const cost = useCallback((options: FigureOptions) => slippage(report, options), [report])
  return (
    <div className="two">
      <Card>
        <Picture draw={health} name="health" />
      </Card>
      <Card>
        <Picture draw={cost} name="slippage" />
      </Card>
    </div>
  )
}
