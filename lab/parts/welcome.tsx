/** What the page shows before anything was opened: examples that run at once. */

import { useEffect, useState } from 'react'
import { ChooseFiles } from '../drop/choose.tsx'
import type { Example } from '../engine/protocol.ts'
import { engine, open } from '../state/store.ts'
import { Icon } from './icons.tsx'

const cards = [
  { entry: 'eth-lending', title: 'A lending market', text: 'ETH falls 15 %: does the loop close?' },
  { entry: 'slow-oracle', title: 'A slow oracle', text: 'Block by block, with gas and bidders.' },
  { entry: 'two-protocols', title: 'Two protocols', text: 'Lending and perpetuals on one book.' },
] as const

const openExample = (entry: string) => void open({ entry, text: null, overrides: [] })

export function Welcome() {
  return (
    <div className="welcome">
      <h1>Where do liquidations feed on themselves?</h1>
      <p className="welcome-lead">
        Forced sales push the price down, and the lower price forces more sales. Open a market and
        see where that stops, and from which drop on it does not.
      </p>
      <div className="welcome-cards">
        {cards.map(({ entry, title, text }) => (
          <button key={entry} type="button" className="card" onClick={() => openExample(entry)}>
            <strong>{title}</strong>
            <span>{text}</span>
            <code>{entry}</code>
          </button>
        ))}
      </div>
      <div className="welcome-drop">
        <Icon name="file" size={20} />
        <p>
          Or drop your own on this page: a scenario in YAML, positions or a book in CSV, JSON or
          Parquet. Nothing leaves this page.
        </p>
        <ChooseFiles label="Choose files" />
      </div>
      <ExampleList />
    </div>
  )
}

function ExampleList() {
  const all = useExamples()
  const others = all.filter(({ entry }) => cards.every((card) => card.entry !== entry))
  const [rules, markets] = [true, false].map((isRule) =>
    others.filter(({ entry }) => entry.startsWith('rules/') === isRule),
  )
  if (all.length === 0) return null
  return (
    <div className="welcome-lists">
      <Examples title="More examples" examples={markets} />
      <Examples title="One for each kind of rules" examples={rules} />
    </div>
  )
}

function Examples({
  title,
  examples,
}: {
  readonly title: string
  readonly examples: readonly Example[]
}) {
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {examples.map(({ entry, about }) => (
          <li key={entry}>
            <button type="button" className="link" onClick={() => openExample(entry)}>
              {entry}
            </button>
            <span className="note">{about}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The bundled examples; none before the engine has said them. Asking also wakes the engine. */
export function useExamples(): readonly Example[] {
  const [examples, setExamples] = useState<readonly Example[]>([])
  useEffect(() => {
    let isHere = true
    known ??= engine.ask('help', 'examples', null)
    known.then(
      (all) => isHere && setExamples(all),
      // Whoever opens one is told why the engine cannot be had; a list is not worth an alarm.
      () => {
        known = null
      },
    )
    return () => {
      isHere = false
    }
  }, [])
  return examples
}

let known: Promise<readonly Example[]> | null = null
