/** Help on every code: those of all, and those that one model gives. */

import { type CodePage, codePages } from '../codes.ts'
import { defenceFactories, rulesFactories } from '../setup.ts'

/** Pages by code. */
export const allPages: Readonly<Record<string, CodePage>> = Object.assign(
  {},
  codePages,
  ...Object.values({ ...rulesFactories, ...defenceFactories }).map(({ codes }) => codes),
)
