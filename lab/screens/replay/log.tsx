/** The event log: what happened up to the cursor, as a table. */

import { memo } from 'react'
import { count, counted, money, price } from '../../../src/format.ts'
import { OUTSIDE, type ReplayColumns } from '../../engine/replayColumns.ts'
import { saveText } from '../../export/save.ts'
import { Card } from '../../parts/card.tsx'
import { follow, type Loaded, turnLog, useReplay } from '../../state/replay.ts'
import { logCsv } from './csv.ts'
import { logWindow } from './facts.ts'
import { known, shortAccount } from './words.ts'

const ROWS = { instant: 6, timed: 7 } as const

export function Log({ loaded: { columns, facts } }: { readonly loaded: Loaded }) {
  const pages = useReplay((state) => state.pages)
  const at = useReplay((state) => state.at)
  const { from, upTo, all } = logWindow(facts, at, ROWS[columns.kind], pages)
  return (
    <Card
      title="Event log"
      tools={
        <div className="replay-pages note">
          <span>
            {all === 0
              ? 'no rows yet'
              : `${count(from + 1)}–${count(upTo)} of ${counted(all, 'row')}`}
          </span>
          <button
            type="button"
            className="replay-turn"
            aria-label="Earlier rows"
            disabled={from === 0}
            onClick={() => turnLog(1)}
          >
            ‹
          </button>
          <button
            type="button"
            className="replay-turn"
            aria-label="Later rows"
            disabled={pages === 0}
            onClick={() => turnLog(-1)}
          >
            ›
          </button>
          <button
            type="button"
            className="replay-link"
            onClick={() => saveText(`events-${columns.runId.slice(-8)}.csv`, logCsv(columns))}
          >
            CSV
          </button>
        </div>
      }
    >
      <LogTable columns={columns} from={from} upTo={upTo} at={at} />
    </Card>
  )
}

function LogTable({
  columns,
  from,
  upTo,
  at,
}: {
  readonly columns: ReplayColumns
  readonly from: number
  readonly upTo: number
  readonly at: number
}) {
  const followed = useReplay((state) => state.followed)
  const isInstant = columns.kind === 'instant'
  const rows = Array.from({ length: upTo - from }, (_, i) => from + i)
  return (
    <table className="replay-log">
      <thead>
        <tr>
          <th scope="col">{isInstant ? 'Round' : 'Block'}</th>
          <th scope="col">Account</th>
          <th scope="col">Sold</th>
          {isInstant ? <th scope="col">Level</th> : <th scope="col">Generation</th>}
          <th scope="col">Price after</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((n) => (
          <Row
            key={n}
            columns={columns}
            n={n}
            isNow={columns.events.frame[n] === at}
            isFollowed={followed >= 0 && columns.events.account[n] === followed}
          />
        ))}
      </tbody>
    </table>
  )
}

interface RowOf {
  readonly columns: ReplayColumns
  readonly n: number
  readonly isNow: boolean
  readonly isFollowed: boolean
}

const Row = memo(({ columns, n, isNow, isFollowed }: RowOf) => {
  const { events, accounts, kinds } = columns
  const account = events.account[n]
  const kind = kinds[events.kind[n]]
  return (
    <tr className={isFollowed ? 'is-followed' : isNow ? 'is-now' : undefined}>
      <td>{count(events.frame[n])}</td>
      <td>
        {account < 0 ? (
          kind
        ) : (
          <button type="button" aria-pressed={isFollowed} onClick={() => follow(account)}>
            <code>{shortAccount(accounts[account])}</code>
          </button>
        )}
        {kind === 'liquidation' || account < 0 ? null : <small>{kind}</small>}
      </td>
      <td>{money(events.repaidUsd[n] > 0 ? events.repaidUsd[n] : events.worthUsd[n])}</td>
      <td>
        {columns.kind === 'instant' ? (
          price(known(events.level?.[n]))
        ) : (
          <Generation columns={columns} n={n} />
        )}
      </td>
      <td>{price(known(events.after[n]))}</td>
    </tr>
  )
})

/** How many sales lie between it and the outside move, and where the last of them was. */
function Generation({
  columns: { events },
  n,
}: {
  readonly columns: ReplayColumns
  readonly n: number
}) {
  const cause = events.cause?.[n] ?? OUTSIDE
  return (
    <>
      {events.generation?.[n] ?? 0}
      {cause < 0 ? null : (
        <span className="wide-only">, by block {count(events.frame[cause])}</span>
      )}
    </>
  )
}
