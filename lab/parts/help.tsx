/** The keys of the page, from the list that they are in force by. */

import { type Shortcut, shownKey, useShortcuts } from '../state/shortcuts.ts'
import { Dialog } from './dialog.tsx'

export function Help({ onClose }: { readonly onClose: () => void }) {
  const all = useShortcuts((state) => state.all)
  const groups = [...new Set(all.map(({ group }) => group))]
  return (
    <Dialog title="Keys" onClose={onClose}>
      {groups.map((group) => (
        <section key={group} className="stack">
          <h3>{group}</h3>
          <dl className="keys">
            {all
              .filter((one) => one.group === group)
              .map((shortcut) => (
                <div key={shortcut.name}>
                  <dt>
                    <Keys shortcut={shortcut} />
                  </dt>
                  <dd>{shortcut.name}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
      <p className="note">Keys rest while you type in a field.</p>
    </Dialog>
  )
}

/** Many keys in a row are named by the first and the last. */
export function Keys({ shortcut: { keys } }: { readonly shortcut: Shortcut }) {
  const isRow = keys.length > 3
  const shown = isRow ? [keys[0], keys.at(-1)!] : keys
  return shown.map((key, i) => (
    <span key={key}>
      {i === 0 ? null : isRow ? ' to ' : ' '}
      <kbd>{shownKey(key)}</kbd>
    </span>
  ))
}
