/** What the page shows before anything was opened: examples that run at once. */

import { open } from '../state/store.ts'

const cards = [
  { entry: 'eth-lending', title: 'A lending market', text: 'ETH falls 15 %: does the loop close?' },
  { entry: 'slow-oracle', title: 'A slow oracle', text: 'Block by block, with gas and bidders.' },
  { entry: 'two-protocols', title: 'Two protocols', text: 'Lending and perpetuals on one book.' },
] as const

export function Welcome() {
  return (
    <div className="welcome">
      <h1>Where do liquidations feed on themselves?</h1>
      <div className="welcome-cards">
        {cards.map(({ entry, title, text }) => (
          <button
            key={entry}
            type="button"
            className="card"
            onClick={() => void open({ entry, text: null, overrides: [] })}
          >
            <strong>{title}</strong>
            <span>{text}</span>
            <code>{entry}</code>
          </button>
        ))}
      </div>
    </div>
  )
}
