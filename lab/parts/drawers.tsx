/** What is open over the page: one dialog or drawer at a time. */

import { type ComponentType, Suspense } from 'react'
import { type DrawerName, openDrawer, useLab } from '../state/store.ts'
import { Help } from './help.tsx'
import { later } from './later.tsx'
import { Menu } from './menu.tsx'
import { Palette } from './palette.tsx'
import { Share } from './share.tsx'

/** Takes what closes it. */
export type Drawer = ComponentType<{ readonly onClose: () => void }>

const drawers: Partial<Record<DrawerName, Drawer>> = {
  menu: Menu,
  scenario: later(async () => (await import('../drawers/scenario.tsx')).ScenarioDrawer),
  data: later(async () => (await import('../drawers/data.tsx')).DataDrawer),
  method: later(async () => (await import('../drawers/method.tsx')).MethodDrawer),
  help: Help,
  palette: Palette,
  share: Share,
  export: later(async () => (await import('./export.tsx')).Export),
}

export function Drawers() {
  const open = useLab(({ drawer }) => drawer)
  const Open = open === null ? undefined : drawers[open]
  if (Open === undefined) return null
  return (
    <Suspense fallback={null}>
      <Open key={open} onClose={() => openDrawer(null)} />
    </Suspense>
  )
}
