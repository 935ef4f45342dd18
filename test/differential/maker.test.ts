import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tallyOf } from '../../src/rules/dice.suite.ts'
import { type FlipTwinSpec, RAD, RAY, WAD } from '../../src/rules/makerFlip.twin.suite.ts'
import { GUYS } from '../../src/rules/makerFlipDraws.suite.ts'
import { type FlipStep, flipHistory, URNS } from '../../src/rules/makerFlipHistory.suite.ts'
import { recordComparison } from '../comparisons.suite.ts'
import {
  type Answer,
  type Evm,
  type Hex,
  hasDifferential,
  startEvm,
  withPackages,
} from './evm.suite.ts'
import {
  ILK,
  type MakerChain,
  makerChain,
  makerCode,
  OPENING,
  OPENING_RAD,
  text,
} from './maker.suite.ts'

const code = hasDifferential() ? makerCode() : 'no packages'
const title = withPackages('Maker, Liquidations 1.2, against bytecode')

describe.skipIf(typeof code === 'string')(
  typeof code === 'string' && hasDifferential() ? `${title} (skipped: ${code})` : title,
  () => {
    let evm: Evm
    let chain: MakerChain
    let fresh: Hex

    beforeAll(async () => {
      if (typeof code === 'string') return
      evm = await startEvm()
      chain = await makerChain(evm, code, [...URNS, ...GUYS])
      fresh = await evm.snapshot()
    })
    afterAll(() => evm?.close())

    async function restart() {
      await evm.revert(fresh)
      fresh = await evm.snapshot()
    }

    it('default: a single bid of one rad wins a lot of 33 ETH after ttl', async () => {
      await restart()
      const { vat, cat, flip, who } = chain
      const [urn, guy] = [who(URNS[0]), who(GUYS[0])]
      await govern(chain, vector)
      await evm.must(vat, 'file', [ILK, text('spot'), 300n * RAY])
      await evm.must(vat, 'frob', [ILK, urn, urn, urn, 100n * WAD, 15_000n * WAD], urn)
      await evm.must(vat, 'file', [ILK, text('spot'), 100n * RAY])
      await evm.must(cat, 'bite', [ILK, urn])
      const [, lot, , , , , , tab] = await evm.read(flip, 'bids', [1n])
      expect([lot, tab]).toEqual([33_333_333_333_333_333_333n, 5650n * RAD])
      expect((await evm.send(flip, 'tend', [1n, lot, 0n], guy)).reason).toMatch('not-higher')
      const { atSeconds } = await evm.must(flip, 'tend', [1n, lot, 1n], guy)
      await evm.nextAt(atSeconds + 601)
      await evm.must(flip, 'deal', [1n])
      expect(await evm.read(vat, 'gem', [ILK, guy])).toBe(OPENING + lot)
      expect(await evm.read(vat, 'dai', [guy])).toBe(OPENING_RAD - 1n)
    })

    it('law: twin and bytecode agree to the rad, the float rules within 1e-9', async () => {
      const tally = tallyOf()
      let acts = 0
      for (let at = 0; at < HISTORIES; at++) {
        await restart()
        const from = BigInt(await evm.now())
        for (const step of flipHistory('1.2', SEED, at, tally)) {
          acts++
          await file(chain, step)
          const reason = await send(chain, step, from)
          expect(reason, `history ${at}, ${step.act.name}`).toBe(step.refusal ?? '')
          expect(await stateOf(chain, step, from)).toEqual(stateIn(step))
        }
      }
      expect(acts).toBeGreaterThan(500)
      expect(tally.seen.size).toBeGreaterThan(20)
      recordComparison({
        protocol: 'makerFlip',
        version: '1.2',
        source: '@makerdao/testchain 1.1.32',
        against: 'bytecode',
        cases: acts,
        largestError: tally.largestError,
      })
    })
  },
)

const SEED = 20_200_312
const HISTORIES = 60

/** The sheet's example of Liquidations 1.2. */
const vector: FlipTwinSpec = {
  version: '1.2',
  chop: (113n * WAD) / 100n,
  most: 5650n * RAD,
  box: 10n ** 7n * RAD,
  dust: 0n,
  line: 10n ** 7n * RAD,
  beg: (105n * WAD) / 100n,
  ttl: 600n,
  tau: 21_600n,
}

/** Sets prices and, before there is any debt, what governance sets. */
async function file(chain: MakerChain, { of, twin, act }: FlipStep) {
  if (act.name !== 'file') return
  const { evm, vat, flip } = chain
  await evm.must(vat, 'file', [ILK, text('spot'), act.spot])
  if (twin.Art > 0n) return
  await evm.must(vat, 'fold', [ILK, flip.address, act.rate - RAY])
  await govern(chain, of)
}

async function govern({ evm, vat, cat, flip }: MakerChain, of: FlipTwinSpec) {
  await evm.must(vat, 'file', [ILK, text('line'), of.line])
  await evm.must(vat, 'file', [ILK, text('dust'), of.dust])
  await evm.must(cat, 'file', [ILK, text('chop'), of.chop])
  await evm.must(cat, 'file', [ILK, text('dunk'), of.most])
  await evm.must(cat, 'file', [ILK, text('flip'), flip.address])
  await evm.must(cat, 'file', [text('box'), of.box])
  for (const name of ['beg', 'ttl', 'tau'] as const)
    await evm.must(flip, 'file', [text(name), of[name]])
}

/** Does on the chain what the twin did, at its time; returns the reason of a revert. */
async function send(chain: MakerChain, { act, now }: FlipStep, from: bigint): Promise<string> {
  const { evm, vat, cat, flip, who } = chain
  if (act.name === 'frob') {
    const urn = who(act.urn)
    const sent = await evm.send(vat, 'frob', [ILK, urn, urn, urn, act.dink, act.dart], urn)
    return sent.reason
  }
  if (act.name === 'file') return ''
  await evm.nextAt(Number(from + now))
  if (act.name === 'bite') return (await evm.send(cat, 'bite', [ILK, who(act.urn)])).reason
  if (act.name === 'tend' || act.name === 'dent')
    return (await evm.send(flip, act.name, [act.id, act.lot, act.bid], who(act.guy))).reason
  return (await evm.send(flip, act.name, [act.id])).reason
}

type State = Record<string, bigint>

/** What the chain holds, in the words of `stateIn`. */
async function stateOf(chain: MakerChain, { act }: FlipStep, from: bigint): Promise<State> {
  const { evm, vat, cat, flip, who } = chain
  const state: State = {}
  const reads: Promise<void>[] = []
  const read = async (of: typeof vat, name: string, args: unknown[], keep: (of: Answer) => void) =>
    keep(await evm.read(of, name, args))
  for (const urn of URNS)
    reads.push(
      read(vat, 'urns', [ILK, who(urn)], ([ink, art]) => {
        state[`${urn} ink`] = ink
        state[`${urn} art`] = art
      }),
    )
  for (const name of HOLDERS) {
    reads.push(read(vat, 'dai', [who(name)], (dai) => (state[`${name} dai`] = dai)))
    reads.push(read(vat, 'gem', [ILK, who(name)], (gem) => (state[`${name} gem`] = gem)))
  }
  reads.push(read(vat, 'sin', [who('vow')], (sin) => (state.sin = sin)))
  reads.push(read(cat, 'litter', [], (litter) => (state.litter = litter)))
  reads.push(read(flip, 'kicks', [], (kicks) => (state.kicks = kicks)))
  if ('id' in act)
    reads.push(
      read(flip, 'bids', [act.id], ([bid, lot, , tic, end, , , tab]) =>
        Object.assign(state, {
          bid,
          lot,
          tab,
          tic: tic === 0 ? 0n : BigInt(tic) - from,
          end: end === 0 ? 0n : BigInt(end) - from,
        }),
      ),
    )
  await Promise.all(reads)
  return state
}

const HOLDERS = [...URNS, ...GUYS, 'flip', 'vow']

/** What the twin holds; the people of the chain have an opening balance. */
function stateIn({ act, twin }: FlipStep): State {
  const state: State = { sin: twin.sin.get('vow') ?? 0n, litter: twin.litter, kicks: twin.kicks }
  for (const urn of URNS) {
    const { ink, art } = twin.urns.get(urn) ?? { ink: 0n, art: 0n }
    state[`${urn} ink`] = ink
    state[`${urn} art`] = art
  }
  for (const name of HOLDERS) {
    const isPerson = name !== 'flip' && name !== 'vow'
    state[`${name} dai`] = (twin.dai.get(name) ?? 0n) + (isPerson ? OPENING_RAD : 0n)
    state[`${name} gem`] = (twin.gem.get(name) ?? 0n) + (isPerson ? OPENING : 0n)
  }
  if (!('id' in act)) return state
  const none = { bid: 0n, lot: 0n, tab: 0n, tic: 0n, end: 0n }
  const { bid, lot, tab, tic, end } = twin.bids.get(act.id) ?? none
  return { ...state, bid, lot, tab, tic, end }
}
