/** The accounts of the levels that are looked at. */

import { type Subject, table } from '../../../src/figures/sheet.ts'
import { count, counted, money, price, signedPercent } from '../../../src/format.ts'
import type { WallAccounts } from '../../engine/wallsTable.ts'
import { save, textFile } from '../../export/save.ts'
import { Card } from '../../parts/card.tsx'
import { show, sortBy, turnTo, useWalls } from '../../state/walls.ts'
import { type Column, pageOf } from './rows.ts'

const PAGE = 25
const SIZES = [0, 10_000, 100_000, 1_000_000, 10_000_000]

const columns: readonly { readonly name: Column; readonly word: string }[] = [
  { name: 'protocol', word: 'Protocol' },
  { name: 'account', word: 'Account' },
  { name: 'trigger', word: 'Trigger price' },
  { name: 'drop', word: 'Drop to it' },
  { name: 'debt', word: 'Debt' },
  { name: 'collateral', word: 'Collateral' },
  { name: 'fate', word: 'Fate' },
]

export function Accounts({
  accounts,
  rows,
  title,
  subject,
}: {
  readonly accounts: WallAccounts
  readonly rows: readonly number[]
  readonly title: string
  readonly subject: Subject
}) {
  const asked = useWalls((state) => state.page)
  const { rows: shown, page, pages } = pageOf(rows, asked, PAGE)
  return (
    <Card title={title} note="accounts that a fall can liquidate, by the price at which it does">
      <Tools {...{ accounts, rows, subject }} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="scroll" tabIndex={0} aria-label="Accounts">
        <table className="table accounts">
          <thead>
            <tr>
              {columns.map((column) => (
                <Heading key={column.name} {...column} />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((k) => (
              <Row key={k} {...{ accounts, k }} />
            ))}
          </tbody>
        </table>
        {rows.length === 0 ? (
          <p className="note">No account here: widen the levels or the search.</p>
        ) : null}
      </section>
      <nav className="pages" aria-label="Pages of accounts">
        <button type="button" disabled={page === 0} onClick={() => turnTo(page - 1)}>
          Back
        </button>
        <span aria-live="polite">
          page {count(page + 1)} of {count(pages)}, {counted(rows.length, 'account')}
        </span>
        <button type="button" disabled={page + 1 >= pages} onClick={() => turnTo(page + 1)}>
          Next
        </button>
      </nav>
    </Card>
  )
}

function Tools({
  accounts,
  rows,
  subject,
}: {
  readonly accounts: WallAccounts
  readonly rows: readonly number[]
  readonly subject: Subject
}) {
  const search = useWalls((state) => state.search)
  const least = useWalls((state) => state.least)
  return (
    <div className="table-tools">
      <label>
        Search{' '}
        <input
          type="search"
          value={search}
          onChange={({ target }) => show({ search: target.value })}
        />
      </label>
      <label>
        Debt of at least{' '}
        <select value={least} onChange={({ target }) => show({ least: Number(target.value) })}>
          {SIZES.map((usd) => (
            <option key={usd} value={usd}>
              {usd === 0 ? 'any size' : money(usd).replace('.0', '')}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        onClick={() =>
          save(
            `${subject.scenario}-walls.csv`,
            textFile(csvOf(accounts, rows, subject), 'text/csv'),
          )
        }
      >
        CSV
      </button>
    </div>
  )
}

function Row({ accounts, k }: { readonly accounts: WallAccounts; readonly k: number }) {
  return (
    <tr>
      <td>{accounts.protocol[k]}</td>
      <td>
        <code>{accounts.account[k]}</code>
      </td>
      <td>{price(accounts.trigger[k])}</td>
      <td>{accounts.drop[k] === 0 ? 'already' : signedPercent(-accounts.drop[k])}</td>
      <td>{money(accounts.debt[k])}</td>
      <td>{money(accounts.collateral[k])}</td>
      <td>
        <span className={`fate fate-${accounts.fate[k].replace(' ', '-')}`}>
          {accounts.fate[k]}
        </span>
      </td>
    </tr>
  )
}

function Heading({ name, word }: { readonly name: Column; readonly word: string }) {
  const sort = useWalls((state) => state.sort)
  const way = sort.isFalling ? 'descending' : 'ascending'
  return (
    <th scope="col" aria-sort={sort.by === name ? way : 'none'}>
      <button type="button" onClick={() => sortBy(name)}>
        {word}
        <span aria-hidden="true">{sort.by === name ? (sort.isFalling ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  )
}

function csvOf(accounts: WallAccounts, rows: readonly number[], subject: Subject): string {
  const head = [
    'protocol',
    'account',
    'trigger_price',
    'trigger_drop',
    'debt_usd',
    'collateral_usd',
    'fate',
  ]
  return table(
    subject,
    head,
    rows.map((k) => columns.map(({ name }) => accounts[name][k])),
  )
}
