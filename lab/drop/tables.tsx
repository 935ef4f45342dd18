/** The tables of the dialog: which column is which, and what is made of them. */

import { useState } from 'react'
import { count } from '../../src/format.ts'
import type { TableRole } from '../../src/ingest/guess.ts'
import type { LookedAt } from '../engine/textProtocol.ts'
import { leaveOut, look, type WaitingTable } from '../state/files.ts'
import { useLab } from '../state/store.ts'
import { Actions } from './actions.tsx'
import { DepthForm } from './depthForm.tsx'
import { MarketForm } from './marketForm.tsx'

export function Tables({ tables }: { readonly tables: readonly WaitingTable[] }) {
  const book = tables.find(({ look }) => look.role === 'positions')
  const depths = tables.filter(({ look }) => look.role !== null && look.role !== 'positions')
  const hasDraft = useLab(({ draft }) => draft !== null)
  return (
    <div className="drop-body">
      {tables.map((table) => (
        <Mapping key={table.look.name} table={table} />
      ))}
      {book !== undefined ? (
        <MarketForm key={book.look.name} book={book.look} depths={depths.map(({ look }) => look)} />
      ) : depths.length > 0 && hasDraft ? (
        <DepthForm depth={depths[0].look} />
      ) : (
        <>
          <p>
            {depths.length > 0
              ? 'This is depth. Add the positions that are sold into it.'
              : 'No columns fit by their names. Positions have account, asset, side and amount, one ' +
                'row for each asset of an account; depth has price and size. Say what the file is.'}
          </p>
          <Actions />
        </>
      )}
    </div>
  )
}

const roles: Readonly<Record<TableRole, string>> = {
  positions: 'Positions: one row for each asset of an account',
  orderBook: 'Depth: bids with price and size',
  quoteLadder: 'Depth: quotes of amounts in and out',
}

const meanings: Readonly<Record<string, string>> = {
  account: 'Account',
  asset: 'Asset',
  side: 'Side: collateral or debt',
  amount: 'Amount, whole coins',
  price: 'Price, USD',
  threshold: 'Liquidation threshold',
  size: 'Size, coins',
  amountIn: 'Coins in',
  amountOut: 'Amount out, USD',
}

/** Columns that a scenario may do without: values to begin with are taken from them. */
const optional: readonly string[] = ['threshold']

function Mapping({ table: { file, look: seen } }: { readonly table: WaitingTable }) {
  const { name, role, rows, columns, chosen } = seen
  const choose = (ours: string, theirs: string) =>
    void look(file, role, { ...chosen, [ours]: theirs === '' ? null : theirs })
  return (
    <fieldset className="mapping">
      <legend>
        {name} <span className="note">{count(rows)} rows</span>
      </legend>
      <Sample look={seen} />
      <div className="fields">
        <label className="wide">
          <span>What it is</span>
          <select
            value={role ?? ''}
            onChange={(event) => void look(file, event.target.value as TableRole, null)}
          >
            {role === null ? <option value="">choose</option> : null}
            {Object.entries(roles).map(([one, text]) => (
              <option key={one} value={one}>
                {text}
              </option>
            ))}
          </select>
        </label>
        {Object.entries(chosen).map(([ours, theirs]) => (
          <label key={ours}>
            <span>{meanings[ours] ?? ours}</span>
            <select value={theirs ?? ''} onChange={(event) => choose(ours, event.target.value)}>
              <option value="">
                {role === 'positions' && (ours === 'price' || optional.includes(ours))
                  ? 'not in the file'
                  : 'choose'}
              </option>
              {columns.map((column) => (
                <option key={column}>{column}</option>
              ))}
            </select>
          </label>
        ))}
      </div>
      <button type="button" className="link" onClick={() => leaveOut(file)}>
        Leave {name} out
      </button>
    </fieldset>
  )
}

/** The first rows, as they stand in the file. */
function Sample({ look: { name, columns, sample } }: { readonly look: LookedAt }) {
  const [id] = useState(() => `sample-${name}`)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className="sample" tabIndex={0} aria-labelledby={id}>
      <table className="table">
        <caption id={id} className="unseen">
          The first rows of {name}
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sample.map((row, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
            <tr key={i}>
              {columns.map((column, k) => (
                <td key={column}>{row[k]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
