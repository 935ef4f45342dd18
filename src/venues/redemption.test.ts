import { describe, expect, it } from 'vitest'
import type { Curve } from '../venue.ts'
import { type RedemptionSpec, redemption } from './redemption.ts'

const QUEUE: RedemptionSpec = {
  name: 'queue',
  base: 1,
  quoteAsset: 0,
  outside: 0.999,
  fee: 0.01,
  asOf: null,
  beyond: 'wall',
  rate: 1,
  capacity: 1000,
  feePerShare: 0,
  supply: null,
  waitSeconds: 0,
  yearRate: 0,
  mints: 0,
  pays: null,
}

const near = (found: number, wanted: number): void =>
  expect(Math.abs(found / wanted - 1), `${found} against ${wanted}`).toBeLessThan(1e-12)

describe('redemption', () => {
  it('default: every unit brings the rate less the fee, until the capacity is gone', () => {
    const queue = redemption(QUEUE)
    expect(queue.fee).toBe(0)
    expect(queue.sell(400)).toEqual({ units: 400, proceeds: 396, extrapolated: false })
    expect(queue.mid()).toBe(0.99)
    expect(queue.sell(1000)).toEqual({ units: 600, proceeds: 594, extrapolated: false })
    expect(queue.mid()).toBe(0)
    expect(queue.sell(1).units).toBe(0)
  })

  it('behaviour: nobody sells here while others pay more, and at the bid all of it counts', () => {
    const queue = redemption(QUEUE)
    expect(queue.capacity(0.995)).toBe(0)
    expect(queue.capacity(0.99)).toBe(1000)
    expect(queue.capacity(0.5)).toBe(1000)
  })

  it('behaviour: a claim below its par in the open has no redemption left; a rise restores it', () => {
    const queue = redemption(QUEUE)
    queue.move(0.96)
    expect(queue.edge().units).toBe(0)
    expect(queue.sell(10).units).toBe(0)
    expect(queue.mid()).toBe(0.96)
    queue.move(0.995)
    expect(queue.sell(10).proceeds).toBe(9.9)
  })

  it('default: par in five days at 6 % a year is worth 1 - 0.06 x 5 / 365 now', () => {
    const waits = { outside: 0.9995, fee: 0, waitSeconds: 5 * 86_400, yearRate: 0.06 }
    const queue = redemption({ ...QUEUE, ...waits })
    near(queue.sell(10).proceeds, 10 * (1 - (0.06 * 5) / 365))
  })

  it('default: a fee that rises with the share redeemed costs its mean, however it is sliced', () => {
    const rising = { ...QUEUE, fee: 0.005, feePerShare: 0.5, supply: 10_000 }
    const whole = redemption(rising)
    near(whole.sell(800).proceeds, 800 * (1 - 0.005 - (0.5 * 400) / 10_000))
    near(whole.mid(), 1 - 0.005 - (0.5 * 800) / 10_000)
    const sliced = redemption(rising)
    let paid = 0
    for (let k = 0; k < 8; k++) paid += sliced.sell(100).proceeds
    near(paid, redemption(rising).quote(800).proceeds)
  })

  it('behaviour: half of what was redeemed decayed is half of the fee that it added', () => {
    const rising = redemption({ ...QUEUE, fee: 0.005, feePerShare: 0.5, supply: 10_000 })
    rising.sell(800)
    rising.force(rising.forced() / 2)
    near(rising.mid(), 0.995 - (0.5 * 400) / 10_000)
    expect(rising.edge().units).toBe(600)
  })

  it('behaviour: a rising fee ends redemption where it has eaten the rate', () => {
    const steep = redemption({ ...QUEUE, fee: 0.2, feePerShare: 2, supply: 1000 })
    expect(steep.edge()).toEqual({ price: 0, units: 400 })
    near(steep.sell(1e6).proceeds, (0.8 * 400) / 2)
  })

  it('behaviour: arbitrage redeems down to an outside price below the first bid', () => {
    const { price } = redemption({ ...QUEUE, fee: 0, feePerShare: 1, supply: 10_000 })
      .curve as Curve
    near(price(0.95, 100), 0.94)
    near(price(0.99, 100), 0.98)
    near(price(1, 100), 0.99)
  })

  it('default: minting costs the rate and the fee, and no more than that can be minted', () => {
    const psm = redemption({ ...QUEUE, mints: 300 })
    expect(psm.sell(-200)).toEqual({ units: -200, proceeds: -202, extrapolated: false })
    expect(psm.mid()).toBe(1.01)
    expect(psm.sell(-200).units).toBe(-100)
    expect(psm.sell(300).proceeds).toBe(303)
  })

  it('behaviour: where the outside price is above the ask, arbitrage has minted all', () => {
    const psm = redemption({ ...QUEUE, mints: 300 })
    psm.move(1.05)
    expect(psm.sell(-1).units).toBe(0)
    expect(psm.sell(10).proceeds).toBe(9.9)
  })

  it('error: terms that make no redemption', () => {
    const wrong: readonly [Partial<RedemptionSpec>, string][] = [
      [{ rate: 0 }, 'FB2113'],
      [{ capacity: Number.POSITIVE_INFINITY }, 'FB2113'],
      [{ supply: -1 }, 'FB2113'],
      [{ feePerShare: 0.5 }, 'FB2117'],
      [{ waitSeconds: 31_536_000, yearRate: 1 }, 'FB2117'],
      [{ mints: -1 }, 'FB2117'],
      [{ mints: 5, pays: 2 }, 'FB2117'],
      [{ fee: 1 }, 'FB2111'],
    ]
    for (const [part, code] of wrong)
      expect(() => redemption({ ...QUEUE, ...part })).toThrow(expect.objectContaining({ code }))
  })
})
