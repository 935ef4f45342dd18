/** The bar above every screen, and the one below it on a phone. */

import { shortId } from '../../src/format.ts'
import { ageOf } from '../state/age.ts'
import { goTo, openDrawer, type ScreenName, screens, undo, useLab } from '../state/store.ts'
import { switchTheme, useTheme } from '../state/theme.ts'
import { Icon, Mark } from './icons.tsx'
import { MatchChip } from './notice.tsx'
import { screenNames } from './screenNames.ts'

export function Bar() {
  return (
    <header className="bar">
      <span className="brand">
        <Mark />
        Firebreak
      </span>
      <nav className="screens wide-only" aria-label="Screens">
        <ScreenButtons names={screens} />
      </nav>
      <span className="spring phone-only" />
      <MatchChip />
      <RunChip />
      <DataChip />
      <Tools />
    </header>
  )
}

/** The first screens at the thumb; the others are in the menu. */
export function TabBar() {
  const screen = useLab((state) => state.screen)
  const first = screens.slice(0, TABS)
  return (
    <nav className="screens tabbar" aria-label="Screens at the thumb">
      <ScreenButtons names={first} />
      <button
        type="button"
        aria-current={first.includes(screen) ? undefined : 'page'}
        onClick={() => openDrawer('menu')}
      >
        More
      </button>
    </nav>
  )
}

const TABS = 4

/** A button for each screen; `then` comes after going there. */
export function ScreenButtons({
  names,
  then,
}: {
  readonly names: readonly ScreenName[]
  readonly then?: () => void
}) {
  const screen = useLab((state) => state.screen)
  return names.map((name) => (
    <button
      key={name}
      type="button"
      aria-current={name === screen ? 'page' : undefined}
      onClick={() => {
        goTo(name)
        then?.()
      }}
    >
      {screenNames[name]}
    </button>
  ))
}

function RunChip() {
  const ran = useLab((state) => state.ran)
  if (ran === null) return null
  return (
    <span className="chip run-chip wide-only">
      <span className="run-name">{ran.name}</span>
      <code>run {shortId(ran.runId)}</code>
    </span>
  )
}

function DataChip() {
  const report = useLab((state) => state.ran?.report)
  if (report === undefined) return null
  const { text, tone } = ageOf(report.as_of, report.book.synthetic, Date.now())
  return (
    <button type="button" className={`chip data-chip ${tone}`} onClick={() => openDrawer('data')}>
      {text}
    </button>
  )
}

function Tools() {
  const theme = useTheme(({ name }) => name)
  const canUndo = useLab(({ past }) => past.length > 0)
  const hasRun = useLab(({ ran }) => ran !== null)
  const other = theme === 'light' ? 'Dark' : 'Light'
  return (
    <div className="tools">
      <button
        type="button"
        className="icon-only wide-only"
        aria-label="Undo"
        disabled={!canUndo}
        onClick={() => void undo()}
      >
        <Icon name="undo" />
      </button>
      <button
        type="button"
        className="tool"
        aria-label="Share"
        disabled={!hasRun}
        onClick={() => openDrawer('share')}
      >
        <Icon name="share" />
        <span className="tool-name">Share</span>
      </button>
      <button
        type="button"
        className="tool wide-only"
        aria-label="Export"
        disabled={!hasRun}
        onClick={() => openDrawer('export')}
      >
        <Icon name="export" />
        <span className="tool-name">Export</span>
      </button>
      <button
        type="button"
        className="icon-only wide-only"
        aria-label={`${other} theme`}
        onClick={switchTheme}
      >
        <Icon name={theme === 'light' ? 'moon' : 'sun'} />
      </button>
      <button
        type="button"
        className="icon-only phone-only"
        aria-label="Menu"
        onClick={() => openDrawer('menu')}
      >
        <Icon name="menu" />
      </button>
    </div>
  )
}
