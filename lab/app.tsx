/** The page: the bar above, one screen below it, and what opens over it. */

import { type ComponentType, Suspense, useEffect } from 'react'
import { Drop } from './drop/drop.tsx'
import { Bar, TabBar } from './parts/bar.tsx'
import { Drawers } from './parts/drawers.tsx'
import { Fault } from './parts/fault.tsx'
import { ShellKeys } from './parts/keys.tsx'
import { Guard, later } from './parts/later.tsx'
import { Notices } from './parts/notice.tsx'
import { Coming, RunningLine, Skeleton } from './parts/running.tsx'
import { Welcome } from './parts/welcome.tsx'
import { LabScreen } from './screens/lab.tsx'
import { openAddress, type ScreenName, useLab } from './state/store.ts'

/** Screens besides the first are parts of their own, which come when they are wanted. */
const screenOf: Readonly<Record<ScreenName, ComponentType>> = {
  lab: LabScreen,
  replay: later(async () => (await import('./screens/replay.tsx')).ReplayScreen),
  walls: later(async () => (await import('./screens/walls.tsx')).WallsScreen),
  phase: later(async () => (await import('./screens/phase.tsx')).PhaseScreen),
  compare: later(async () => (await import('./screens/compare.tsx')).CompareScreen),
  live: later(async () => (await import('./screens/live.tsx')).LiveScreen),
  report: later(async () => (await import('./screens/report.tsx')).ReportScreen),
}

export function App() {
  useEffect(() => {
    void openAddress()
    const look = () => void openAddress()
    window.addEventListener('hashchange', look)
    return () => window.removeEventListener('hashchange', look)
  }, [])
  const screen = useLab((state) => state.screen)
  const isStale = useLab((state) => state.isStale)
  const isRunning = useLab((state) => state.isRunning)
  return (
    <>
      <ShellKeys />
      <Bar />
      <main
        className={`page screen-${screen}`}
        aria-busy={isRunning}
        data-stale={isStale || undefined}
      >
        <Fault />
        <Notices />
        <Shown />
      </main>
      <RunningLine />
      <TabBar />
      <Drawers />
      <Drop />
    </>
  )
}

/** The screen, or what stands there as long as it has nothing to show. */
function Shown() {
  const screen = useLab((state) => state.screen)
  const hasRun = useLab(({ ran }) => ran !== null)
  const isRunning = useLab((state) => state.isRunning)
  const Screen = screenOf[screen]
  if (hasRun || screen === 'live')
    return (
      <Guard key={screen}>
        <Suspense fallback={<Coming />}>
          <Screen />
        </Suspense>
      </Guard>
    )
  return isRunning ? <Skeleton /> : <Welcome />
}
