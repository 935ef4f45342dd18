/** What a two-leg book and its analysis hold, measured in a process of its own. */

import { execFileSync } from 'node:child_process'
import { part } from '../measure.js'

export function memory(size, { node }) {
  const child = new URL('./memoryChild.js', import.meta.url).pathname
  const { resident, peak, bare, breached, taken } = JSON.parse(
    execFileSync(process.execPath, [...node, child, String(size)], { encoding: 'utf8' }),
  )
  const unit = 'MB'
  return [
    part({
      name: 'resident with book and analysis, beside bare node',
      value: resident,
      unit,
      reference: bare,
      budget: 250,
    }),
    part({ name: 'peak while building', value: peak, unit, reference: bare }),
    part({ name: 'breached accounts in the book', value: breached, unit: 'accounts' }),
    part({ name: 'accounts taken at a 20 % drop', value: taken, unit: 'accounts' }),
  ]
}
