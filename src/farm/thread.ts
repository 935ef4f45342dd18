/** A thread of a pool: orders in, outcomes out. */

import { parentPort } from 'node:worker_threads'
import { assert } from '../errors.ts'
import type { Scenario } from '../scenario.ts'
import { type Meter, meterOf } from '../sweep/meter.ts'
import { workOn } from '../sweep/work.ts'
import type { Order } from './pool.ts'

const port = parentPort!
const scenarios = new Map<number, Scenario>()
const meters = new Map<number, Meter>()

port.on('message', ({ task, extra, measures, scenarios: sent, forget }: Order) => {
  for (const cell of forget) {
    scenarios.delete(cell)
    meters.delete(cell)
  }
  for (const [cell, scenario] of sent) scenarios.set(cell, scenario)
  const meterFor = (cell: number): Meter => {
    const scenario = scenarios.get(cell)
    assert(scenario !== undefined, 'a thread has the scenarios of its task')
    const meter = meters.get(cell) ?? meterOf(scenario, { extra })
    // Runs of a cell follow each other, and each meter has a book to use up.
    if (!meters.has(cell)) meters.clear()
    meters.set(cell, meter)
    return meter
  }
  const outcome = workOn(task, measures, meterFor, () => performance.now())
  port.postMessage(outcome, [outcome.values.buffer as ArrayBuffer])
})
