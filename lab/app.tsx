/** The page: the bar above, one screen below it, and what opens over it. */

import { type ComponentType, useEffect } from 'react'
import { Drop } from './drop/drop.tsx'
import { Bar, TabBar } from './parts/bar.tsx'
import { Drawers } from './parts/drawers.tsx'
import { Fault } from './parts/fault.tsx'
import { ShellKeys } from './parts/keys.tsx'
import { Notices } from './parts/notice.tsx'
import { RunningLine, Skeleton } from './parts/running.tsx'
import { Welcome } from './parts/welcome.tsx'
import { CompareScreen } from './screens/compare.tsx'
import { LabScreen } from './screens/lab.tsx'
import { LiveScreen } from './screens/live.tsx'
import { PhaseScreen } from './screens/phase.tsx'
import { ReplayScreen } from './screens/replay.tsx'
import { ReportScreen } from './screens/report.tsx'
import { WallsScreen } from './screens/walls.tsx'
import { openAddress, type ScreenName, useLab } from './state/store.ts'

const screenOf: Readonly<Record<ScreenName, ComponentType>> = {
  lab: LabScreen,
  replay: ReplayScreen,
  walls: WallsScreen,
  phase: PhaseScreen,
  compare: CompareScreen,
  live: LiveScreen,
  report: ReportScreen,
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
  if (hasRun || screen === 'live') return <Screen />
  return isRunning ? <Skeleton /> : <Welcome />
}
