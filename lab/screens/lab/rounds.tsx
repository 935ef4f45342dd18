/** The strip of rounds with their gains, and the checks of the run beside it. */

import { type CSSProperties, Fragment } from 'react'
import { counted, factor, missing, money, price } from '../../../src/format.ts'
import type { Check, Report, Round, Warning } from '../../../src/report.ts'
import { light, useLit } from '../../state/lit.ts'
import { goTo } from '../../state/store.ts'

export function RoundsCard({ report }: { readonly report: Report }) {
  const { rounds } = report
  return (
    <section className="card rounds-card" aria-label="Rounds and checks">
      <div className="rounds-head">
        <h2>{counted(rounds.length, 'round')}</h2>
        <p className="note">sold, $M · gain</p>
        <button type="button" onClick={() => goTo('replay')}>
          Replay
        </button>
      </div>
      <Bars rounds={rounds} />
      <Checks checks={report.checks} warnings={report.warnings} />
    </section>
  )
}

/** A bar for each round. The button lies over it: laying out its words is no work of a button. */
function Bars({ rounds }: { readonly rounds: readonly Round[] }) {
  const lit = useLit(({ round }) => round)
  const most = Math.max(...rounds.map((round) => round.repaid_usd), 0)
  if (rounds.length === 0) return <p className="note rounds-bars">No round: nothing is for sale.</p>
  return (
    <ol className="rounds-bars">
      {rounds.map((round) => (
        <li key={round.round} className={round.round === lit ? 'round-lit' : undefined}>
          <button
            type="button"
            className="round"
            aria-label={spoken(round)}
            onPointerEnter={() => light(round.round)}
            onPointerLeave={() => light(null)}
            onFocus={() => light(round.round)}
            onBlur={() => light(null)}
            onClick={() => goTo('replay')}
          />
          <span className="round-usd" aria-hidden="true">
            {millions(round.repaid_usd)}
          </span>
          <span
            className={round.round === 1 ? 'round-bar round-first' : 'round-bar'}
            style={{ '--share': round.repaid_usd / most } as CSSProperties}
          />
          <span
            className={(round.gain ?? 0) > 1 ? 'round-gain round-grows' : 'round-gain'}
            aria-hidden="true"
          >
            {factor(round.gain)}
          </span>
        </li>
      ))}
    </ol>
  )
}

function millions(usd: number): string {
  if (usd >= 100e6) return (usd / 1e6).toFixed(0)
  return usd > 0 && usd < 0.05e6 ? '<0.1' : (usd / 1e6).toFixed(1)
}

function spoken({ round, repaid_usd, gain, price_before, price_after }: Round): string {
  const of = `Round ${round}: ${money(repaid_usd)} repaid, ${price(price_before)} to ${price(price_after)}`
  return gain === null ? of : `${of}, gain ${factor(gain)}`
}

/** Checks first, as far as there is room; what failed and what warns always. */
export function Checks({
  checks,
  warnings,
}: {
  readonly checks: readonly Check[]
  readonly warnings: readonly Warning[]
}) {
  const failed = checks.filter(({ ok }) => !ok)
  const passed = checks.length - failed.length
  const notes = warnings.filter(({ effect }) => effect !== 'none')
  const shown = notes.slice(0, SHOWN_MAX - 1 - Math.min(failed.length, 1))
  return (
    <div className="checks">
      <ul>
        {failed.map(({ name, detail }) => (
          <li key={name} className="check-bad">
            {name}: {detail}
          </li>
        ))}
        {passed === 0 ? null : <li className="check-ok">{allOf(passed, failed.length)}</li>}
        {shown.map(({ code, text, effect }) => (
          <li key={code + text} className="check-note">
            {text}: {effect === 'unknown' ? 'effect unknown' : effect}
          </li>
        ))}
      </ul>
      <details>
        <summary>All checks and notes</summary>
        <dl>
          {checks.map(({ name, ok, detail }) => (
            <Fragment key={name}>
              <dt>{ok ? name : `${name}: failed`}</dt>
              <dd>{detail}</dd>
            </Fragment>
          ))}
          {warnings.map(({ code, text, effect }) => (
            <Fragment key={code + text}>
              <dt>
                {code} · {effect === 'none' ? missing : effect}
              </dt>
              <dd>{text}</dd>
            </Fragment>
          ))}
        </dl>
      </details>
    </div>
  )
}

function allOf(passed: number, failed: number): string {
  return failed === 0 ? `all ${passed} checks hold` : `${counted(passed, 'check')} hold`
}

const SHOWN_MAX = 3
