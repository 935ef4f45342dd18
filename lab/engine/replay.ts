/** A run as the columns that Replay plays. */

import { roundRows } from '../../src/analysis/picture.ts'
import { type Bench, simulate } from '../../src/analysis/simulate.ts'
import { protocolOf } from '../../src/analysis/triggers.ts'
import { wakers } from '../../src/analysis/wakers.ts'
import { KINDS } from '../../src/block/done.ts'
import { benchFor } from '../../src/instant.ts'
import type { Scenario } from '../../src/scenario.ts'
import { columnOf, type Table } from '../../src/table.ts'
import { timedRun } from '../../src/timed.ts'
import type { TimedReport } from '../../src/timedReport.ts'
import type { Draft, DroppedFile, Questions } from './protocol.ts'
import { OUTSIDE, type ReplayColumns, UNTOLD } from './replayColumns.ts'
import { readOf } from './run.ts'

/** Runs a draft and keeps all of it. A run in time tells how far it is, ten times a second. */
export async function replayDraft(
  draft: Draft,
  files: readonly DroppedFile[],
  part: (part: Questions['replay']['part']) => void,
): Promise<ReplayColumns> {
  const { scenario, runId, engineVersion, data } = await readOf(draft, files)
  if (scenario.time === null) return instantColumns(scenario, runId)
  const blocks = timedRun(scenario, { runId, engineVersion, data })
  let tables: readonly Table[] = []
  let told = performance.now()
  for (;;) {
    const step = blocks.next()
    if (step.done) return timedColumns(step.value, tables)
    tables = step.value.tables
    if (performance.now() - told < BETWEEN_MS) continue
    told = performance.now()
    part({ done: step.value.passed / step.value.all })
  }
}

/** The rounds of an instant cascade and every settlement in it. */
export function instantColumns(scenario: Scenario, runId: string): ReplayColumns {
  const bench = benchFor(scenario)
  const { prepared, base, asset } = bench
  const { drop } = scenario.shock
  const run = simulate(bench, drop)
  const { trace } = run
  const shocked = shockedPrice(bench, drop)
  const rounds = roundRows(run, shocked)
  const own = new Map<number, number>()
  for (const row of trace.row) if (!own.has(row)) own.set(row, own.size)
  const rows = [...own.keys()]
  const protocols = rows.map((row) => protocolOf(prepared, row))
  const badDebt = new Float64Array(rounds.length)
  trace.round.forEach((round, n) => {
    badDebt[round - 1] += trace.badDebtUsd[n]
  })
  return {
    ...{ kind: 'instant', runId, blockSeconds: null, isSettled: run.settled },
    ...{ asset: base.market.assets[asset], opening: prepared.opening[asset] },
    frames: {
      price: Float64Array.of(shocked, ...rounds.map(({ price_after }) => price_after)),
      ...{ outside: null, oracles: [], gwei: null, capitalUsd: null },
      repaidUsd: Float64Array.of(0, ...rounds.map(({ repaid_usd }) => repaid_usd)),
      soldUsd: Float64Array.of(0, ...rounds.map(({ proceeds_usd }) => proceeds_usd)),
      badDebtUsd: runningSum(Float64Array.of(0, ...badDebt)),
      gain: Float64Array.of(Number.NaN, ...rounds.map(({ gain }) => gain ?? Number.NaN)),
    },
    events: {
      frame: Uint32Array.from(trace.round),
      kind: new Uint8Array(trace.row.length),
      account: Int32Array.from(trace.row, (row) => own.get(row)!),
      asset: Uint16Array.from(trace.asset),
      units: Float64Array.from(trace.units),
      repaidUsd: Float64Array.from(trace.repaidUsd),
      worthUsd: Float64Array.from(trace.proceedsUsd),
      badDebtUsd: Float64Array.from(trace.badDebtUsd),
      before: Float64Array.of(shocked, ...trace.price).subarray(0, trace.row.length),
      after: Float64Array.from(trace.price),
      level:
        prepared.lead < 0
          ? null
          : Float64Array.from(trace.key, (key) => prepared.opening[asset] / key),
      cause: wakers(prepared, trace, shocked),
      ...{ generation: null, liquidator: null, oracle: null },
    },
    accounts: rows.map((row, i) => {
      return base.protocols[protocols[i]].accounts[row - prepared.offset[protocols[i]]]
    }),
    protocolOf: Uint16Array.from(protocols),
    protocols: base.protocols.map(({ name }) => name),
    assets: base.market.assets,
    ...{ kinds: KINDS, liquidators: [] },
  }
}

function shockedPrice({ scratch, base, asset }: Bench, drop: number): number {
  scratch.reset(base)
  scratch.market.move(asset, scratch.market.outside(asset) * (1 - drop))
  return scratch.market.price(asset)
}

/** The tables of a run in time, beside its report. */
export function timedColumns(
  { run_id, headline, assets, block_seconds }: TimedReport,
  [frames, events]: readonly Table[],
): ReplayColumns {
  const { opening } = assets.find(({ name }) => name === headline)!
  const column = (name: string, first: number) => Float64Array.of(first, ...columnOf(frames, name))
  const kept = keptRows(events)
  return {
    ...{ kind: 'timed', runId: run_id, isSettled: true, blockSeconds: block_seconds },
    ...{ asset: headline, opening },
    frames: {
      price: column(`mid_${headline}`, opening),
      outside: column(`outside_${headline}`, opening),
      oracles: oraclesOf(frames, headline).map(({ name, protocol }) => ({
        ...{ name: protocol, price: column(name, Number.NaN) },
      })),
      repaidUsd: column('liquidated_usd', 0),
      soldUsd: column('sold_usd', 0),
      badDebtUsd: column('bad_debt_usd', 0),
      gain: lastKnown(column('gain', Number.NaN)),
      gwei: column('gwei', Number.NaN),
      capitalUsd: column('capital_usd', Number.NaN),
    },
    ...timedEvents(events, kept),
    assets: wordsOf(events, 'collateral'),
    kinds: KINDS,
    liquidators: wordsOf(events, 'liquidator'),
  }
}

/** The published prices of an asset, and who publishes them. */
function oraclesOf({ columns }: Table, asset: string) {
  return columns
    .filter(({ name }) => name.startsWith('oracle_') && name.endsWith(`_${asset}`))
    .map(({ name }) => ({ name, protocol: name.slice('oracle_'.length, -asset.length - 1) }))
}

/** Rows of the table that Replay shows: no bids, and no calls that leave everything as it is. */
function keptRows(events: Table): Uint32Array {
  const isKept = KINDS.map((kind) => kind !== 'bid' && kind !== 'call')
  const kind = columnOf(events, 'kind')
  return Uint32Array.from(kind.keys()).filter((row) => isKept[kind[row]])
}

function timedEvents(
  events: Table,
  kept: Uint32Array,
): Pick<ReplayColumns, 'events' | 'accounts' | 'protocolOf' | 'protocols'> {
  const column = (name: string) => {
    const whole = columnOf(events, name)
    return Float64Array.from(kept, (row) => whole[row])
  }
  const [account, units, before] = [column('account'), column('units'), column('price_before')]
  const protocol = column('protocol')
  const owners = new Map<number, number>()
  account.forEach((row, n) => {
    if (row >= 0 && !owners.has(row)) owners.set(row, n)
  })
  const place = new Map([...owners.keys()].map((row, i) => [row, i]))
  const names = wordsOf(events, 'account')
  return {
    events: {
      frame: Uint32Array.from(column('block')),
      kind: Uint8Array.from(column('kind')),
      account: Int32Array.from(account, (row) => place.get(row) ?? -1),
      asset: Uint16Array.from(column('collateral')),
      ...{ units, before, after: column('price_after') },
      repaidUsd: column('repaid_usd'),
      worthUsd: units.map((one, n) => Math.abs(one) * before[n]),
      badDebtUsd: column('bad_debt_usd'),
      level: null,
      cause: causesOf(column('trigger'), column('generation'), kept),
      generation: Uint8Array.from(column('generation')),
      liquidator: Int16Array.from(column('liquidator'), orNone),
      oracle: column('oracle_price'),
    },
    accounts: [...owners.keys()].map((row) => names[row]),
    protocolOf: Uint16Array.from(owners.values(), (n) => protocol[n]),
    protocols: wordsOf(events, 'protocol'),
  }
}

/** Rows of the table become places among those that were kept: a sale always is. */
function causesOf(trigger: Float64Array, generation: Float64Array, kept: Uint32Array): Int32Array {
  const place = new Map(Array.from(kept, (row, n) => [row, n]))
  return Int32Array.from(trigger, (row, n) =>
    generation[n] === 0 ? OUTSIDE : (place.get(row) ?? UNTOLD),
  )
}

function orNone(value: number): number {
  return Number.isNaN(value) ? -1 : value
}

function wordsOf({ columns }: Table, name: string): readonly string[] {
  return columns.find((column) => column.name === name)!.words!
}

/** A value that is sampled now and then stands until the next sample. */
function lastKnown(values: Float64Array): Float64Array {
  for (let n = 1; n < values.length; n++) if (Number.isNaN(values[n])) values[n] = values[n - 1]
  return values
}

function runningSum(values: Float64Array): Float64Array {
  for (let n = 1; n < values.length; n++) values[n] += values[n - 1]
  return values
}

/** Milliseconds between two words on how far it is. */
const BETWEEN_MS = 100
