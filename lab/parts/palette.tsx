/** The palette: every screen, example and action, found as one types. */

import { type KeyboardEvent, useId, useMemo, useState } from 'react'
import { found, type Offer } from '../state/palette.ts'
import { shownKey, useShortcuts } from '../state/shortcuts.ts'
import { type DrawerName, goTo, open, openDrawer, screens } from '../state/store.ts'
import { switchTheme } from '../state/theme.ts'
import { Dialog } from './dialog.tsx'
import { screenNames } from './screenNames.ts'
import { useExamples } from './welcome.tsx'

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const offers = useOffers()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const list = useId()
  const fitting = useMemo(() => found(offers, typed), [offers, typed])
  const active = Math.min(at, fitting.length - 1)
  const take = (offer: Offer | undefined) => {
    if (offer === undefined) return
    onClose()
    offer.act()
  }
  const move = (event: KeyboardEvent) => {
    const step = steps[event.key]
    if (event.key === 'Enter') take(fitting[active])
    else if (step === undefined) return
    else setAt((active + step + fitting.length) % Math.max(1, fitting.length))
    event.preventDefault()
  }
  return (
    <Dialog title="Go to anything" onClose={onClose}>
      <input
        data-first
        type="text"
        role="combobox"
        aria-label="Screen, example or action"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={active < 0 ? undefined : `${list}-${active}`}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value)
          setAt(0)
        }}
        onKeyDown={move}
      />
      <Offers {...{ fitting, active, list, take }} />
      {fitting.length === 0 ? <p className="note">Nothing is called that.</p> : null}
    </Dialog>
  )
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }

function Offers({
  fitting,
  active,
  list,
  take,
}: {
  readonly fitting: readonly Offer[]
  readonly active: number
  readonly list: string
  readonly take: (offer: Offer) => void
}) {
  return (
    <div className="offers" role="listbox" id={list} aria-label="What fits">
      {fitting.map((offer, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
        <div
          key={`${offer.kind} ${offer.title}`}
          id={`${list}-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === active}
          ref={(row) => {
            if (i === active) row?.scrollIntoView({ block: 'nearest' })
          }}
          onClick={() => take(offer)}
        >
          <span>{offer.title}</span>
          <span className="note">
            {offer.key === undefined ? offer.kind : <kbd>{shownKey(offer.key)}</kbd>}
          </span>
        </div>
      ))}
    </div>
  )
}

const drawers: readonly (readonly [DrawerName, string])[] = [
  ['scenario', 'Edit the scenario'],
  ['data', 'Data and files'],
  ['method', 'Method'],
]

function useOffers(): readonly Offer[] {
  const examples = useExamples()
  const shortcuts = useShortcuts((state) => state.all)
  return useMemo(
    () => [
      ...screens.map((name, i) => ({
        ...{ title: screenNames[name], kind: 'screen', key: String(i + 1) },
        act: () => goTo(name),
      })),
      ...shortcuts
        .filter(({ keys }) => keys.length === 1 && keys[0] !== PALETTE_KEY)
        .map(({ name, keys: [key], act }) => ({
          ...{ title: name, kind: 'action', key },
          act: () => act(key),
        })),
      ...drawers.map(([name, title]) => ({ title, kind: 'drawer', act: () => openDrawer(name) })),
      { title: 'Light or dark theme', kind: 'action', act: switchTheme },
      ...examples.map(({ entry, about }) => ({
        ...{ title: entry, kind: 'example', about },
        act: () => void open({ entry, text: null, overrides: [] }),
      })),
    ],
    [examples, shortcuts],
  )
}

/** The key that opens the palette. */
export const PALETTE_KEY = 'ctrl+k'
