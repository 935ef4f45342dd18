/** The menu of a phone: everything that the bar of a wider page has. */

import { type DrawerName, openDrawer, screens, undo, useLab } from '../state/store.ts'
import { switchTheme, useTheme } from '../state/theme.ts'
import { ScreenButtons } from './bar.tsx'
import { Dialog } from './dialog.tsx'
import { Icon, type IconName } from './icons.tsx'

const drawers: readonly (readonly [DrawerName, string, IconName])[] = [
  ['share', 'Share', 'share'],
  ['export', 'Export', 'export'],
  ['scenario', 'Scenario', 'file'],
  ['data', 'Data', 'table'],
  ['method', 'Method', 'info'],
  ['help', 'Keys', 'keyboard'],
]

export function Menu({ onClose }: { readonly onClose: () => void }) {
  const theme = useTheme(({ name }) => name)
  const canUndo = useLab(({ past }) => past.length > 0)
  const other = theme === 'light' ? 'Dark' : 'Light'
  return (
    <Dialog title="Menu" kind="drawer" onClose={onClose}>
      <nav className="menu" aria-label="All screens">
        <ScreenButtons names={screens} then={onClose} />
      </nav>
      <div className="menu">
        {drawers.map(([name, title, icon]) => (
          <button key={name} type="button" onClick={() => openDrawer(name)}>
            <Icon name={icon} />
            {title}
          </button>
        ))}
        <button type="button" disabled={!canUndo} onClick={() => void undo()}>
          <Icon name="undo" />
          Undo
        </button>
        <button type="button" onClick={switchTheme}>
          <Icon name={theme === 'light' ? 'moon' : 'sun'} />
          {other} theme
        </button>
      </div>
    </Dialog>
  )
}
