/** Help on every code: those of all, and those that one kind of rules gives. */

import { type CodePage, codePages } from '../codes.ts'
import { rulesFactories } from '../setup.ts'

/** Pages by code. */
export const allPages: Readonly<Record<string, CodePage>> = Object.assign(
  {},
  codePages,
  ...Object.values(rulesFactories).map(({ codes }) => codes),
)
