/**
 * Reads a scenario: text in, everything `run` needs out. Free of any file system, so that a browser
 * reads the same.
 */

import canonicalize from 'canonicalize'
import type { DataSource } from '../report.ts'
import type { Scenario } from '../scenario.ts'
import { withDefences } from '../setup.ts'
import { assetsFrom } from './assets.ts'
import { attackFrom, type ReadAttack } from './attack.ts'
import { digestOf, type FileSource } from './bytes.ts'
import { composed, type Override } from './compose.ts'
import { type Context, secondsOf } from './context.ts'
import { protocolsFrom } from './protocols.ts'
import { dayOf } from './quantity.ts'
import { shockFrom, timeFrom } from './time.ts'
import { completed, timeKeysOf } from './timeKeys.ts'
import { keyError, validated } from './validate.ts'
import { hopsFrom, venuesFrom } from './venues.ts'
import { engineVersion } from './version.ts'

/** What a scenario file came to. */
export interface ReadScenario {
  readonly scenario: Scenario
  /** Every file read, the scenario first, with its digest. */
  readonly data: readonly DataSource[]
  /**
   * The scenario as plain JSON: extended, overridden, defaults filled in. It reads back to the same
   * run.
   */
  readonly resolved: unknown
  /** Names the run: equal inputs, equal id. */
  readonly runId: string
  readonly engineVersion: string
  /** Conditions as written. */
  readonly gates: readonly string[]
  /** The attacker; null where the scenario has none. */
  readonly attack: ReadAttack | null
}

/**
 * Reads a scenario and every file that it names.
 *
 * Rule:   run id = SHA-256 over RFC 8785 JSON of the resolved scenario, the digests of the files it
 *         names, and the engine's version.
 * Throws: InputError (FB2xxx) for the scenario itself, SourceError (FB4xxx) for a file that it
 *         names; one at a time, with its place and what to do
 */
export async function readScenario(
  entry: string,
  source: FileSource,
  overrides: readonly Override[] = [],
): Promise<ReadScenario> {
  const { tree, files } = composed(entry, source, overrides)
  const given = validated(tree)
  const time = timeKeysOf(given, tree)
  const keys = completed(given, time)
  const assets = assetsFrom(keys, tree)
  const context: Context = {
    ...{ keys, time, tree, assets, source, path: files[0].path },
    data: files.map(({ name, sha256, lines }) => scenarioSource(name, sha256, lines, keys.asOf)),
    warnings: [],
  }
  const venues = await venuesFrom(context)
  const hop = hopsFrom(context, venues)
  const protocols = await protocolsFrom(context)
  checkSales(context, protocols, hop)
  warnOfAges(context, protocols, venues)
  const inTime = time === null ? null : await timeFrom(time, context, venues)
  warnOfRefill(inTime, context)
  const scenario: Scenario = withDefences({
    name: keys.name,
    seed: keys.seed,
    asOf: keys.asOf ?? null,
    assets: assets.specs,
    cash: assets.cash,
    protocols,
    venues,
    hop,
    haircut: keys.depth.haircut,
    liquidators: { disposal: keys.liquidators.disposal ?? 'all', buys: keys.liquidators.buys },
    shock: shockFrom(context, protocols, hop),
    time: inTime,
    order: keys.order,
    feedback: keys.feedback,
    gainDrops: keys.gain.drops,
    ignitionTolerance: keys.ignition.tolerance,
    warnings: context.warnings,
  })
  const resolved: unknown = JSON.parse(JSON.stringify(keys))
  const runId = runIdOf(resolved, context.data)
  const attack = keys.attack === undefined ? null : attackFrom(keys.attack, context)
  const { data } = context
  return { scenario, data, resolved, runId, engineVersion, gates: keys.gates, attack }
}

function scenarioSource(name: string, sha256: string, rows: number, asOf?: string): DataSource {
  return { name, role: 'scenario', sha256, rows, as_of: asOf ?? null }
}

function runIdOf(scenario: unknown, data: readonly DataSource[]): string {
  const inputs = data
    .filter(({ role, sha256 }) => role !== 'scenario' && sha256 !== null)
    .map(({ name, sha256 }) => ({ name, sha256 }))
  return digestOf(canonicalize({ engine: engineVersion, inputs, scenario }) as string)
}

/** Collateral that nothing buys would stay unsold without a word. */
function checkSales(
  context: Context,
  protocols: Scenario['protocols'],
  hop: Scenario['hop'],
): void {
  const { names, cash } = context.assets
  for (const { positions } of protocols) {
    const { asset, side } = positions
    const k = asset.findIndex((one, k) => side[k] > 0 && one !== cash && hop[one].length === 0)
    if (k < 0) continue
    throw keyError(context.tree, ['market', 'venues'], {
      code: 'FB2064',
      rule: 'collateral needs a venue that sells it',
      came: `no venue for ${names[asset[k]]}`,
      remedy: 'Add one; kind: impactCurve with shape: none sells at par',
    })
  }
}

function warnOfRefill(time: Scenario['time'], context: Context): void {
  const never = Number.POSITIVE_INFINITY
  if (time?.formation.halfLifeSeconds.some((life) => life < never)) return
  context.warnings.push({ code: 'FB4107', text: 'the book never refills', effect: 'pessimistic' })
}

const day = 86400

function warnOfAges(
  context: Context,
  protocols: Scenario['protocols'],
  venues: Scenario['venues'],
): void {
  const texts = new Set<string>()
  for (const { positions } of protocols) {
    const book = secondsOf(positions.asOf)
    for (const { asOf } of venues) {
      if (book === null || asOf === null || Math.abs(asOf - book) <= day) continue
      texts.add(`depth is of ${dayOf(asOf)}, the book of ${dayOf(book)}`)
    }
  }
  for (const text of texts) context.warnings.push({ code: 'FB4101', text, effect: 'unknown' })
}
