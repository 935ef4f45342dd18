/** The bundled example of a lending market and an exchange on one book. */

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { benchOf, simulate } from '../src/analysis/simulate.ts'
import { diskSource } from '../src/ingest/files.ts'
import { readScenario } from '../src/ingest/read.ts'
import type { Report } from '../src/report.ts'
import { run } from '../src/run.ts'
import { setup } from '../src/setup.ts'

const read = () =>
  readScenario('two-protocols.yaml', diskSource(join(import.meta.dirname, '../examples'), null), [])

it('law: switching off either side lowers the forced sales of the other', async () => {
  const { scenario } = await read()
  const { liquidators, order, shock } = scenario
  const bench = benchOf(setup(scenario), shock.asset, { ...liquidators, order, feedback: true })
  const lending = scenario.protocols[0].positions.accounts.length
  const sold = (silent: readonly boolean[]) => {
    const { repaidUsd } = simulate(bench, shock.drop, { ...bench.options, silent })
    const sum = (of: Float64Array) => of.reduce((all, usd) => all + usd, 0)
    return [sum(repaidUsd.subarray(0, lending)), sum(repaidUsd.subarray(lending))]
  }
  const both = sold([false, false])
  expect(sold([true, false])[1]).toBeLessThan(0.9 * both[1])
  expect(sold([false, true])[0]).toBeLessThan(0.9 * both[0])
})

it('law: the matrix of who pulled whom adds up to the total, and all checks hold', async () => {
  const { scenario, runId } = await read()
  const report = run(scenario, { runId, engineVersion: '0', data: [] }) as Report
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  const { first_usd, caused_usd, total_usd } = report.contagion!
  expect(caused_usd[0][1]).toBeGreaterThan(1e6)
  expect(caused_usd[1][0]).toBeGreaterThan(1e6)
  caused_usd.forEach((row, i) => {
    expect(row.reduce((sum, usd) => sum + usd, first_usd[i])).toBeCloseTo(total_usd[i], 3)
  })
})
