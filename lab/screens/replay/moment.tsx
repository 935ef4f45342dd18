/** The readings of the block under the cursor. */

import { count, factor, money, price, signedPercent } from '../../../src/format.ts'
import { Card } from '../../parts/card.tsx'
import { type Loaded, useReplay } from '../../state/replay.ts'
import { frameName, known, timeOf } from './words.ts'

export function Moment({ loaded }: { readonly loaded: Loaded }) {
  const at = useReplay((state) => state.at)
  const { columns } = loaded
  return (
    <Card title={`${capital(frameName(columns, at))}, ${timeOf(columns, at)} after the opening`}>
      <dl className="replay-moment">
        {readingsOf(loaded, at).map(([name, value, note]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
            <dd className="note">{note}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

/** Name, value and what it stands beside. */
function readingsOf({ columns }: Loaded, at: number): [string, string, string][] {
  const { frames, opening, asset } = columns
  const now = frames.price[at]
  const beside = (other: number) => `${signedPercent(other / now - 1)} to the market`
  return [
    [`${asset} in the market`, price(now), `${signedPercent(now / opening - 1)} since the opening`],
    ...(frames.outside === null
      ? []
      : [['without forced sales', price(frames.outside[at]), beside(frames.outside[at])] as const]),
    ...frames.oracles.map(({ name, price: published }) => {
      const read = known(published[at])
      return [`${name} reads`, price(read), read === null ? '' : beside(read)] as const
    }),
    ['liquidated in this block', money(frames.repaidUsd[at]), 'debt repaid'],
    ['sold in this block', money(frames.soldUsd[at]), 'what it brought'],
    ['bad debt so far', money(frames.badDebtUsd[at]), ''],
    ['loop gain', factor(known(frames.gain[at])), 'as last sampled'],
    ['gas', gasOf(frames.gwei?.[at]), ''],
    ['free cash of liquidators', money(known(frames.capitalUsd?.[at])), ''],
  ].map(([name, value, note]) => [name, value, note])
}

function gasOf(gwei: number | undefined): string {
  const value = known(gwei)
  return value === null ? '–' : `${value < 10 ? value.toFixed(1) : count(value)} gwei`
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1)
}
