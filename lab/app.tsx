/** The page: the bar above, one screen below it. */

import { type ComponentType, useEffect } from 'react'
import { shortId } from '../src/format.ts'
import { Fault } from './parts/fault.tsx'
import { Welcome } from './parts/welcome.tsx'
import { CompareScreen } from './screens/compare.tsx'
import { LabScreen } from './screens/lab.tsx'
import { LiveScreen } from './screens/live.tsx'
import { PhaseScreen } from './screens/phase.tsx'
import { ReplayScreen } from './screens/replay.tsx'
import { ReportScreen } from './screens/report.tsx'
import { WallsScreen } from './screens/walls.tsx'
import {
  goTo,
  openAddress,
  openDrawer,
  type ScreenName,
  screens,
  undo,
  useLab,
} from './state/store.ts'
import { switchTheme, useTheme } from './state/theme.ts'

const screenOf: Readonly<Record<ScreenName, { name: string; Screen: ComponentType }>> = {
  lab: { name: 'Lab', Screen: LabScreen },
  replay: { name: 'Replay', Screen: ReplayScreen },
  walls: { name: 'Walls', Screen: WallsScreen },
  phase: { name: 'Phase', Screen: PhaseScreen },
  compare: { name: 'Compare', Screen: CompareScreen },
  live: { name: 'Live', Screen: LiveScreen },
  report: { name: 'Report', Screen: ReportScreen },
}

export function App() {
  useEffect(() => {
    void openAddress()
    const look = () => void openAddress()
    window.addEventListener('hashchange', look)
    return () => window.removeEventListener('hashchange', look)
  }, [])
  const screen = useLab((state) => state.screen)
  const isEmpty = useLab(({ draft }) => draft === null)
  const isStale = useLab((state) => state.isStale)
  const { Screen } = screenOf[screen]
  return (
    <>
      <Bar />
      <main className={`page screen-${screen}`} aria-busy={isStale}>
        <Fault />
        {isEmpty && screen !== 'live' ? <Welcome /> : <Screen />}
      </main>
    </>
  )
}

function Bar() {
  const screen = useLab((state) => state.screen)
  return (
    <header className="bar">
      <span className="brand">Firebreak</span>
      <nav aria-label="Screens">
        {screens.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={name === screen ? 'page' : undefined}
            onClick={() => goTo(name)}
          >
            {screenOf[name].name}
          </button>
        ))}
      </nav>
      <RunChip />
      <Tools />
    </header>
  )
}

function RunChip() {
  const ran = useLab((state) => state.ran)
  if (ran === null) return null
  return (
    <span className="chip">
      {ran.name} · run <code>{shortId(ran.runId)}</code>
    </span>
  )
}

function Tools() {
  const theme = useTheme(({ name }) => name)
  const canUndo = useLab(({ past }) => past.length > 0)
  return (
    <div className="tools">
      <button type="button" disabled={!canUndo} onClick={() => void undo()}>
        Undo
      </button>
      <button type="button" onClick={() => openDrawer('share')}>
        Share
      </button>
      <button type="button" onClick={() => openDrawer('export')}>
        Export
      </button>
      <button type="button" onClick={switchTheme}>
        {theme === 'light' ? 'Dark' : 'Light'}
      </button>
    </div>
  )
}
