/** A run as the columns that Replay plays. */

import type { Cascade } from '../../src/analysis/cascade.ts'
import { roundRows } from '../../src/analysis/picture.ts'
import { type Bench, simulate } from '../../src/analysis/simulate.ts'
import { protocolOf } from '../../src/analysis/triggers.ts'
import { wakers } from '../../src/analysis/wakers.ts'
import { KINDS } from '../../src/block/done.ts'
import { benchFor } from '../../src/instant.ts'
import type { Round } from '../../src/report.ts'
import type { Scenario } from '../../src/scenario.ts'
import { columnOf, type Table } from '../../src/table.ts'
import type { TimedReport } from '../../src/timedReport.ts'
import {
  type EventColumns,
  type FrameColumns,
  OUTSIDE,
  type ReplayColumns,
  UNTOLD,
} from './replayColumns.ts'

/** The rounds of an instant cascade and every settlement in it. */
export function instantColumns(scenario: Scenario, runId: string): ReplayColumns {
  const bench = benchFor(scenario)
  const { prepared, base, asset } = bench
  const { drop } = scenario.shock
  const run = simulate(bench, drop)
  const shocked = shockedPrice(bench, drop)
  const place = placesOf(run.trace.row)
  const rows = [...place.keys()]
  const protocols = rows.map((row) => protocolOf(prepared, row))
  return {
    ...{ kind: 'instant', runId, blockSeconds: null, isSettled: run.settled },
    ...{ asset: base.market.assets[asset], opening: prepared.opening[asset] },
    frames: roundColumns(run, shocked),
    events: settlements(bench, run, shocked, place),
    accounts: rows.map((row, i) => {
      return base.protocols[protocols[i]].accounts[row - prepared.offset[protocols[i]]]
    }),
    protocolOf: Uint16Array.from(protocols),
    protocols: base.protocols.map(({ name }) => name),
    assets: base.market.assets,
    ...{ kinds: KINDS, liquidators: [] },
  }
}

/** Rows of accounts in the order in which they come first, and their place in it. */
function placesOf(rows: Iterable<number>): Map<number, number> {
  const place = new Map<number, number>()
  for (const row of rows) if (row >= 0 && !place.has(row)) place.set(row, place.size)
  return place
}

function roundColumns(run: Cascade, shocked: number): FrameColumns {
  const rounds = roundRows(run, shocked)
  const badDebt = new Float64Array(rounds.length + 1)
  run.trace.round.forEach((round, n) => {
    badDebt[round] += run.trace.badDebtUsd[n]
  })
  const column = (first: number, of: (round: Round) => number) => after(first, rounds.map(of))
  return {
    price: column(shocked, ({ price_after }) => price_after),
    ...{ outside: null, oracles: [], gwei: null, capitalUsd: null },
    repaidUsd: column(0, ({ repaid_usd }) => repaid_usd),
    soldUsd: column(0, ({ proceeds_usd }) => proceeds_usd),
    badDebtUsd: runningSum(badDebt),
    gain: column(Number.NaN, ({ gain }) => gain ?? Number.NaN),
  }
}

function settlements(
  { prepared, asset }: Bench,
  { trace }: Cascade,
  shocked: number,
  place: ReadonlyMap<number, number>,
): EventColumns {
  const now = prepared.opening[asset]
  return {
    frame: Uint32Array.from(trace.round),
    kind: new Uint8Array(trace.row.length),
    account: Int32Array.from(trace.row, (row) => place.get(row)!),
    asset: Uint16Array.from(trace.asset),
    units: Float64Array.from(trace.units),
    repaidUsd: Float64Array.from(trace.repaidUsd),
    worthUsd: Float64Array.from(trace.proceedsUsd),
    badDebtUsd: Float64Array.from(trace.badDebtUsd),
    before: after(shocked, trace.price).subarray(0, trace.row.length),
    after: Float64Array.from(trace.price),
    level: prepared.lead < 0 ? null : Float64Array.from(trace.key, (key) => now / key),
    cause: wakers(prepared, trace, shocked),
    ...{ generation: null, liquidator: null, oracle: null },
  }
}

/** A column with an entry more in front. */
function after(first: number, values: ArrayLike<number>): Float64Array {
  const column = new Float64Array(values.length + 1)
  column[0] = first
  column.set(values, 1)
  return column
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
  const column = (name: string, first: number) => after(first, columnOf(frames, name))
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
  const place = placesOf(account)
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
    accounts: [...place.keys()].map((row) => names[row]),
    protocolOf: Uint16Array.from(place.keys(), (row) => protocol[account.indexOf(row)]),
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
