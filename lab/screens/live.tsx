/** Live, without a monitor: what it will show, and what the page can do now. */

import './live.css'
import { useState } from 'react'
import { count, missing } from '../../src/format.ts'
import { Headlines } from '../parts/headlines.tsx'
import { Icon } from '../parts/icons.tsx'
import { ageOf } from '../state/age.ts'
import { goTo, openDrawer, type Ran, useLab } from '../state/store.ts'

export function LiveScreen() {
  const ran = useLab((state) => state.ran)
  return (
    <div className="live">
      <div className="live-main">
        <h1 className="caption live-state">
          <Icon name="info" />
          No monitor is running here, so nothing on this screen is live.
        </h1>
        <Headlines numbers={tiles} />
        <section className="card live-chart">
          <h2>Distance to ignition over 24 hours</h2>
          <p className="note">
            The outside drop at which the loop closes, with bids within 2 % and the price below it
            on one time axis, and a line where an alert was raised.
          </p>
          <div className="live-blank" aria-hidden="true">
            {missing}
          </div>
        </section>
        <section className="card">
          <h2>Alerts</h2>
          <p className="note">
            None can be raised without a monitor. An alert will say which limit was passed, for how
            long, and the causes that add up to the change.
          </p>
        </section>
      </div>
      <aside className="live-rail">
        <Now ran={ran} />
        {ran === null ? null : <Sources ran={ran} />}
        <section className="card">
          <h2>How a monitor will be started</h2>
          <p>
            A later version of Firebreak has a command that runs a scenario again whenever its
            prices, book or depth change, and that this screen connects to. It is not in this
            version, so there is nothing to type yet.
          </p>
          <p className="note">
            A feed that stops will grey its tiles and raise an alert of its own: silence is not
            safety.
          </p>
        </section>
      </aside>
    </div>
  )
}

const reason = 'no monitor'

/** The labels of the tiles; no number stands in for one that is not known. */
const tiles = [
  'Distance to ignition',
  'Loop gain now',
  'Bids within 2\u202f%',
  'At risk, \u221210\u202f%',
  'Coverage',
].map((label) => ({ label, value: missing, note: reason }))

function Now({ ran }: { readonly ran: Ran | null }) {
  return (
    <section className="card live-now">
      <h2>What you can do now</h2>
      {ran === null ? (
        <p>
          Open a scenario: a snapshot of a market, with the age of its data. It answers at once what
          a monitor would repeat.
        </p>
      ) : (
        <p>
          <strong>{ran.name}</strong> is open: a snapshot, not a feed. Its numbers are of the moment
          below.
        </p>
      )}
      <div className="live-tools">
        <button type="button" className="primary" onClick={() => goTo('lab')}>
          {ran === null ? 'Open a scenario' : 'Open in Lab'}
        </button>
        {ran === null ? null : (
          <button type="button" onClick={() => openDrawer('data')}>
            Data
          </button>
        )}
      </div>
    </section>
  )
}

/** The inputs of the run that is open, and how old they are. */
function Sources({ ran: { report } }: { readonly ran: Ran }) {
  const [now] = useState(() => Date.now())
  const { synthetic } = report.book
  const whole = ageOf(report.as_of, synthetic, now)
  return (
    <section className="card">
      <h2>Age of its data: {whole.text}</h2>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Input</th>
            <th scope="col" className="figure">
              Rows
            </th>
            <th scope="col">Age</th>
          </tr>
        </thead>
        <tbody>
          {report.data.map(({ name, role, rows, as_of }) => (
            <tr key={`${role} ${name}`}>
              <th scope="row">
                {name}
                <span className="note"> {role}</span>
              </th>
              <td className="figure">{count(rows)}</td>
              <td>{ageOf(as_of, role === 'positions' && synthetic, now).text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
