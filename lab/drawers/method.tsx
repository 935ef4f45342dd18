/** The Method drawer: what each number means, what the rules are told, one account worked out. */

import { useEffect, useRef, useState } from 'react'
import { count, factor, missing, money, percent, price } from '../../src/format.ts'
import type { Metric, MetricAt } from '../../src/report.ts'
import { useMethod } from '../state/method.ts'
import { useLab } from '../state/store.ts'
import { Account } from './account.tsx'
import { type Said, useExplained } from './explained.ts'
import { SideDrawer } from './frame.tsx'

export function MethodDrawer({ onClose }: { readonly onClose: () => void }) {
  return (
    <SideDrawer name="method" onClose={onClose}>
      <Contents />
    </SideDrawer>
  )
}

function Contents() {
  const explained = useExplained()
  const hasRun = useLab(({ ran }) => ran !== null)
  if (!hasRun) return <p className="drawer-body">Nothing has run yet.</p>
  if (explained === null)
    return (
      <p className="drawer-body" role="status">
        Working it out.
      </p>
    )
  return (
    <div className="drawer-body">
      <Account account={explained.account} />
      <Numbers metrics={explained.metrics} />
      <Rules rules={explained.rules} />
    </div>
  )
}

function Numbers({ metrics }: { readonly metrics: Said['metrics'] }) {
  const [sought, setSought] = useState('')
  const wanted = useMethod(({ metric }) => metric)
  const words = sought.toLowerCase()
  const shown = metrics.filter(({ name, sentence }) =>
    `${name.replaceAll('_', ' ')} ${name} ${sentence}`.toLowerCase().includes(words),
  )
  return (
    <section>
      <h3>What the numbers mean</h3>
      <input
        type="search"
        aria-label="Find a number"
        placeholder="Find a number"
        value={sought}
        onChange={(event) => setSought(event.target.value)}
      />
      <p className="note" role="status">
        {sought === '' ? `${metrics.length} numbers of this run` : `${shown.length} found`}
      </p>
      {shown.map((definition) => (
        <MetricPage
          key={definition.name}
          definition={definition}
          isWanted={definition.name === wanted}
        />
      ))}
    </section>
  )
}

function MetricPage({
  definition,
  isWanted,
}: {
  readonly definition: Said['metrics'][number]
  readonly isWanted: boolean
}) {
  const { name, sentence, formula, source, trap } = definition
  const metric = useLab(({ ran }) => ran?.report.metrics[name])
  const place = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    if (!isWanted) return
    place.current!.open = true
    place.current!.scrollIntoView({ block: 'start' })
    place.current!.querySelector('summary')?.focus()
    useMethod.setState({ metric: null })
  }, [isWanted])
  return (
    <details className="definition" ref={place}>
      <summary>
        <span>{titleOf(name)}</span>
        <span className="figure">{metric === undefined ? missing : valueText(name, metric)}</span>
      </summary>
      <p>{sentence}</p>
      <dl className="facts">
        <div>
          <dt>Formula</dt>
          <dd>{formula}</dd>
        </div>
        <div>
          <dt>Source</dt>
          <dd>{source}</dd>
        </div>
        <div>
          <dt>Trap</dt>
          <dd className="tone-warning">{trap}</dd>
        </div>
        <div>
          <dt>In files</dt>
          <dd>
            <code>{name}</code>
          </dd>
        </div>
      </dl>
      {metric !== undefined && Array.isArray(metric) ? (
        <Values name={name} metrics={metric} />
      ) : null}
    </details>
  )
}

/** A metric that is stated at several parameters. */
function Values({
  name,
  metrics,
}: {
  readonly name: string
  readonly metrics: readonly MetricAt[]
}) {
  return (
    <table className="table">
      <tbody>
        {metrics.map((metric) => (
          <tr key={parameterOf(metric)}>
            <th scope="row">{parameterOf(metric)}</th>
            <td className="figure">{valueText(name, metric)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function parameterOf(metric: MetricAt): string {
  return PARAMETERS.filter((name) => metric[name] !== undefined)
    .map((name) => {
      const value = metric[name]
      return `${name} ${typeof value === 'number' ? percent(value, value < 0.1 ? 1 : 0) : value}`
    })
    .join(', ')
}

const PARAMETERS = ['asset', 'fund', 'protocol', 'band', 'drop', 'h', 'quantile']

/** `first_round_usd` as words. */
export function titleOf(name: string): string {
  const words = name
    .replace(/_usd$/, '')
    .replaceAll('_', ' ')
    .replace(/\bltv\b/, 'LTV')
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

/** The value in its unit; how many there are where there are several. */
export function valueText(name: string, metric: Metric | readonly MetricAt[]): string {
  if (isList(metric))
    return metric.length === 1 ? valueText(name, metric[0]) : `${metric.length} values`
  const { value, unit } = metric
  if (value === null) return missing
  if (unit === 'usd') return money(value)
  if (unit === 'usd per unit') return price(value)
  if (unit === 'count') return count(value)
  if (unit === 'seconds') return `${count(value)} s`
  if (unit !== 'ratio') return String(value)
  if (/gain|amplification|radius/.test(name)) return factor(value)
  return percent(/drop/.test(name) ? -value : value)
}

function isList(metric: Metric | readonly MetricAt[]): metric is readonly MetricAt[] {
  return Array.isArray(metric)
}

function Rules({ rules }: { readonly rules: Said['rules'] }) {
  return (
    <section>
      <h3>What the rules are told</h3>
      {rules.map(({ protocol, kind, keys }) => (
        <details key={protocol} className="definition">
          <summary>
            <span>{protocol}</span>
            <span className="figure">{kind}</span>
          </summary>
          <dl className="facts">
            {keys.map(({ key, about }) => (
              <div key={key}>
                <dt>
                  <code>{key}</code>
                </dt>
                <dd>{about}</dd>
              </div>
            ))}
          </dl>
          <p className="note">
            The whole model with its source: <code>firebreak help {kind}</code>
          </p>
        </details>
      ))}
    </section>
  )
}
