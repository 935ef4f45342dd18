/** What is open over the page: one dialog or drawer at a time. */

import type { ComponentType } from 'react'
import { DataDrawer } from '../drawers/data.tsx'
import { MethodDrawer } from '../drawers/method.tsx'
import { ScenarioDrawer } from '../drawers/scenario.tsx'
import { type DrawerName, openDrawer, useLab } from '../state/store.ts'
import { Export } from './export.tsx'
import { Help } from './help.tsx'
import { Menu } from './menu.tsx'
import { Palette } from './palette.tsx'
import { Share } from './share.tsx'

/** Takes what closes it. */
export type Drawer = ComponentType<{ readonly onClose: () => void }>

const drawers: Partial<Record<DrawerName, Drawer>> = {
  menu: Menu,
  scenario: ScenarioDrawer,
  data: DataDrawer,
  method: MethodDrawer,
  help: Help,
  palette: Palette,
  share: Share,
  export: Export,
}

export function Drawers() {
  const open = useLab(({ drawer }) => drawer)
  const Open = open === null ? undefined : drawers[open]
  return Open === undefined ? null : <Open key={open} onClose={() => openDrawer(null)} />
}
