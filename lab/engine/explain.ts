/** What numbers mean, what rules are told, and one account put into its formula. */

import { shock } from '../../src/analysis/cascade.ts'
import { depthTable } from '../../src/analysis/depth.ts'
import { isBreached } from '../../src/analysis/triggers.ts'
import { healthFactor } from '../../src/book.ts'
import { definitionOf } from '../../src/definitions.ts'
import { inKeys, keyOf } from '../../src/parameters.ts'
import { offerList, type Protocol } from '../../src/rules.ts'
import type { Scenario } from '../../src/scenario.ts'
import { rulesFactories, setup } from '../../src/setup.ts'
import type { World } from '../../src/world.ts'
import type { DroppedFile, Questions } from './protocol.ts'
import { readOf } from './run.ts'
import { remarkOf, textOfDraft } from './text.ts'
import type { WorkedAccount, WorkedState } from './textProtocol.ts'

export async function explain(
  { draft, account, metrics }: Questions['explain']['ask'],
  files: readonly DroppedFile[],
): Promise<Questions['explain']['answer']> {
  const { scenario } = await readOf(draft, files)
  const world = setup(scenario)
  const { assets, hop } = world.market
  // Before anything moves the market.
  const depth = assets.flatMap((_, a) => (hop[a].length === 0 ? [] : depthOf(world, a)))
  return {
    remark: remarkOf(await textOfDraft(draft, files)),
    metrics: metrics.flatMap((name) => {
      const definition = definitionOf(name)
      return definition === undefined ? [] : [{ name, ...definition }]
    }),
    rules: scenario.protocols.map(({ name, rules: { kind } }) => ({
      ...{ protocol: name, kind },
      keys: keysOf(kind),
    })),
    account: account === null ? null : workedAccount(world, scenario, account),
    depth,
  }
}

function depthOf({ market }: World, asset: number) {
  const { asset: name, venues, bands } = depthTable(market, asset)
  return { asset: name, venues, bands }
}

function keysOf(kind: string) {
  const { parameters } = rulesFactories[kind]
  return Object.entries(parameters).map(([name, { shape, about }]) => ({
    key: keyOf(name, shape),
    about: inKeys(parameters, about),
  }))
}

/** The account at the opening and after a drop, by the sums that its rules judge it by. */
function workedAccount(
  world: World,
  scenario: Scenario,
  { protocol: name, account: called, drops }: NonNullable<Questions['explain']['ask']['account']>,
): WorkedAccount | null {
  const protocol = world.protocols.find((one) => one.name === name)
  const account = protocol?.accounts.indexOf(called) ?? -1
  if (protocol === undefined || account < 0) return null
  const opening = stateOf(world, protocol, account)
  const asset = scenario.assets[scenario.shock.asset].name
  const drop = Math.max(0, drops[asset] ?? 0)
  shock(world, scenario.shock.asset, drop)
  world.market.prices(protocol.prices)
  protocol.rules.value(protocol)
  return {
    ...{ protocol: name, account: called, edge: protocol.rules.edge },
    shocked: { asset, drop },
    states: [opening, stateOf(world, protocol, account)],
    offers: offersOf(world, protocol, account),
  }
}

/**
 * The legs of an account as its health factor counts them.
 *
 * Rule:  what a leg is worth is units x price x weight; the weight of collateral is its threshold
 *        where the rules have one.
 */
function stateOf({ market }: World, protocol: Protocol, account: number): WorkedState {
  const { book, values, prices, index, rules } = protocol
  const legs: WorkedState['legs'][number][] = []
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const slot = book.slot[k]
    const asset = rules.slots.asset[slot]
    const isDebt = book.amount[k] < 0
    const usd = Math.abs(book.amount[k] * values[slot])
    const price = prices[asset] * index[slot]
    const weight = values[slot] / price
    const leg = Number.isFinite(weight)
      ? { asset: market.assets[asset], units: Math.abs(book.amount[k]), price, weight }
      : // An allowance that rules keep beside positions: of no price, worth its dollars.
        { asset: 'USD by the rules', units: usd, price: 1, weight: 1 }
    legs.push({ ...leg, isDebt, usd })
  }
  const sum = (isDebt: boolean) =>
    legs.reduce((usd, leg) => usd + (leg.isDebt === isDebt ? leg.usd : 0), 0)
  const factor = healthFactor(book, values, account)
  return {
    legs,
    weightedUsd: sum(false),
    debtUsd: sum(true),
    factor: Number.isFinite(factor) ? factor : null,
    isBreached: isBreached(protocol, account),
  }
}

function offersOf({ market }: World, protocol: Protocol, account: number): WorkedAccount['offers'] {
  const offers = offerList()
  protocol.rules.offers(protocol, account, offers)
  return Array.from({ length: offers.count }, (_, n) => ({
    sells: market.assets[offers.sells[n]],
    units: offers.amount[n],
    pays: market.assets[offers.pays[n]],
    cost: offers.cost[n],
    worthUsd: offers.amount[n] * protocol.prices[offers.sells[n]],
    costUsd: offers.cost[n] * protocol.prices[offers.pays[n]],
  }))
}
