/** A table of depth for the scenario on screen: which of its venues it replaces. */

import { type FormEvent, useState } from 'react'
import type { LookedAt } from '../engine/textProtocol.ts'
import { replaceVenue } from '../state/files.ts'
import { useLab } from '../state/store.ts'
import { Actions } from './actions.tsx'
import { chosenColumns } from './market.ts'

/** A venue as the scenario has it, filled in. */
interface VenueKeys {
  readonly asset: string
  readonly quote: string
}

export function DepthForm({ depth }: { readonly depth: LookedAt }) {
  const market = useLab(({ ran }) => ran?.resolved.market) as
    | { readonly venues: Readonly<Record<string, VenueKeys>> }
    | undefined
  const venues = Object.entries(market?.venues ?? {})
  const [chosen, setChosen] = useState(venues[0]?.[0] ?? '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const venue = market?.venues[chosen]
    if (venue !== undefined) void replaceVenue(chosen, venueOf(depth, venue))
  }
  return (
    <form className="drop-form" onSubmit={submit}>
      <div className="fields">
        <label>
          <span>In the place of</span>
          <select value={chosen} onChange={(event) => setChosen(event.target.value)}>
            {venues.map(([name, { asset }]) => (
              <option key={name} value={name}>
                {name}: {asset}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p className="note">For a scenario of its own, add the positions that are sold into it.</p>
      <Actions run="Use it and run" />
    </form>
  )
}

/** The venue as YAML takes it on one line. */
export function venueOf(depth: LookedAt, { asset, quote }: VenueKeys): string {
  return JSON.stringify({
    ...{ kind: depth.role === 'quoteLadder' ? 'quoteLadder' : 'orderBook', asset, quote },
    ...{ file: depth.name, columns: chosenColumns(depth) },
    ...(depth.role === 'orderBook' ? { levels: 'relative' } : {}),
    beyond: 'linear',
  })
}
