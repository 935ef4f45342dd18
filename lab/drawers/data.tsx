/** The Data drawer: what the run was made of, how old it is, and how far to trust it. */

import { count, counted, duration, money, percent, shortId } from '../../src/format.ts'
import type { DataSource, Report, Warning } from '../../src/report.ts'
import type { TimedReport } from '../../src/timedReport.ts'
import { ChooseFiles } from '../drop/choose.tsx'
import type { Explained } from '../engine/textProtocol.ts'
import { CodeButton } from '../parts/code.tsx'
import { useLab } from '../state/store.ts'
import { useExplained } from './explained.ts'
import { SideDrawer } from './frame.tsx'

export function DataDrawer({ onClose }: { readonly onClose: () => void }) {
  return (
    <SideDrawer name="data" onClose={onClose}>
      <Contents />
    </SideDrawer>
  )
}

function Contents() {
  const report = useLab(({ ran }) => ran?.report)
  const explained = useExplained()
  const remark = explained?.remark ?? ''
  if (report === undefined)
    return (
      <div className="drawer-body">
        <p>Nothing has run yet.</p>
        <ChooseFiles />
      </div>
    )
  return (
    <div className="drawer-body">
      <p className="drawer-lead">{origin(report)}</p>
      {remark === '' ? null : (
        <section>
          <h3>What the scenario says of its data</h3>
          <p>{remark}</p>
        </section>
      )}
      <Warnings warnings={report.warnings} />
      <Checks report={report} />
      <Sources report={report} />
      <Venues depth={explained?.depth ?? []} />
      <Coverage report={report} />
      <ChooseFiles />
    </div>
  )
}

/** Whether the book is a record, and of what size. */
export function origin({ book, seed, data, as_of }: Report | TimedReport): string {
  const accounts = counted(book.accounts, 'account')
  if (book.synthetic) return `Synthetic: ${accounts} drawn from seed ${seed}. Nobody holds them.`
  const files = data.filter(({ role }) => role === 'positions').map(({ name }) => name)
  const when = as_of === null ? 'no moment is stated' : `as of ${dayOf(as_of)}`
  return `Recorded: ${accounts} from ${files.join(', ')}, ${when}.`
}

function Warnings({ warnings }: { readonly warnings: readonly Warning[] }) {
  if (warnings.length === 0) return null
  return (
    <section>
      <h3>What bends the answer</h3>
      <ul className="marks">
        {warnings.map(({ code, text, effect }) => (
          <li key={code + text} className="mark-warning">
            <p>
              {sentence(text)} <strong>{effects[effect] ?? effect}</strong>{' '}
              <CodeButton code={code} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

const effects: Readonly<Record<string, string>> = {
  pessimistic: 'Pessimistic: the answer is worse than it would be.',
  optimistic: 'Optimistic: the answer is better than it would be.',
  unknown: 'Either way: nobody knows by how much.',
  none: 'The answer stands.',
}

function Checks({ report }: { readonly report: Report | TimedReport }) {
  const failed = report.checks.filter(({ ok }) => !ok).length
  return (
    <section>
      <h3>{failed === 0 ? 'All checks hold' : `${counted(failed, 'check')} failed`}</h3>
      <ul className="marks">
        {report.checks.map(({ name, ok, detail }) => (
          <li key={name} className={ok ? 'mark-ok' : 'mark-failed'}>
            <p>
              <span className="unseen">{ok ? 'Holds: ' : 'Failed: '}</span>
              {sentence(name)} <span className="note">{detail}</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Sources({ report }: { readonly report: Report | TimedReport }) {
  return (
    <section>
      <h3>Sources</h3>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col" className="figure">
              Rows
            </th>
            <th scope="col" className="figure">
              Age
            </th>
          </tr>
        </thead>
        <tbody>
          {report.data.map((source) => (
            <tr key={source.role + source.name}>
              <td>
                {source.name}
                <span className="note">
                  {source.role}
                  {source.sha256 === null ? null : (
                    <>
                      {' · SHA-256 '}
                      <code title={source.sha256}>{shortId(source.sha256)}</code>
                    </>
                  )}
                </span>
              </td>
              <td className="figure">{count(source.rows)}</td>
              <td className="figure">{ageOf(source)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function ageOf({ as_of, role, sha256 }: DataSource): string {
  if (as_of === null) return role === 'scenario' || sha256 === null ? 'n/a' : 'not stated'
  return duration(Math.max(0, (Date.now() - Date.parse(as_of)) / 1000))
}

function Venues({ depth }: { readonly depth: Explained['depth'] }) {
  if (depth.length === 0) return null
  return (
    <section>
      <h3>How far each book was observed</h3>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Venue</th>
            <th scope="col" className="figure">
              Edge
            </th>
            <th scope="col">Past it</th>
            <th scope="col">Recorded</th>
          </tr>
        </thead>
        <tbody>
          {depth.flatMap(({ asset, venues }) =>
            venues.map(({ name, kind, edge_drop, beyond, as_of }) => (
              <tr key={`${asset} ${name}`}>
                <td>
                  {name}
                  <span className="note">
                    {asset} · {kind}
                  </span>
                </td>
                <td className="figure">{edge_drop === null ? 'no edge' : percent(-edge_drop)}</td>
                <td>{edge_drop === null ? 'its own curve' : beyond}</td>
                <td>{as_of === null ? 'not stated' : dayOf(as_of)}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
      {depth.map(({ asset, bands }) => {
        const made = bands.filter(({ extrapolated }) => extrapolated).map(({ band }) => band)
        if (made.length === 0) return null
        return (
          <p key={asset} className="note">
            {asset}: depth within {made.map((band) => percent(band, 0)).join(', ')} is extrapolated.
          </p>
        )
      })}
    </section>
  )
}

function Coverage({ report }: { readonly report: Report | TimedReport }) {
  const { accounts, legs, debt_usd, collateral_usd, protocols } = report.book
  const rows = [
    ['Accounts', count(accounts)],
    ['Positions', count(legs)],
    ['Debt', money(debt_usd)],
    ['Collateral', money(collateral_usd)],
    ['Rules', protocols.map(({ name, rules }) => `${name}: ${rules}`).join(', ')],
  ] as const
  return (
    <section>
      <h3>What the book covers</h3>
      <dl className="facts">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function dayOf(instant: string): string {
  return instant.slice(0, 10)
}

/** A clause as a sentence. */
function sentence(clause: string): string {
  const text = clause.slice(0, 1).toUpperCase() + clause.slice(1)
  return /[.?!]$/.test(text) ? text : `${text}.`
}
