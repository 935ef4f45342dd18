import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alike, backlogOf, drained, GAS, restOf, sleeping } from './backlog.suite.ts'

describe('next', () => {
  it('default: the largest margin first, the first account of equal ones, then -1', () => {
    const backlog = alike(5)
    ;[3, 7, 7, -2, 7].forEach((margin, account) => {
      backlog.arrive(account, margin)
    })
    expect(drained(backlog)).toEqual([1, 2, 4, 0, 3])
    expect(backlog.next()).toBe(-1)
  })

  it('law: the order does not depend on the order of arrival', () => {
    const margins = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 40 })
    const law = fc.property(margins, fc.infiniteStream(fc.nat()), (margin, keys) => {
      const order = margin.map((_, k) => k)
      const shuffled = order
        .map((k) => [keys.next().value as number, k])
        .sort(([a, i], [b, k]) => a - b || i - k)
        .map(([, k]) => k)
      const backlog = alike(margin.length)
      for (const k of shuffled) backlog.arrive(k, margin[k])
      expect(drained(backlog)).toEqual(order.sort((i, k) => margin[k] - margin[i] || i - k))
    })
    fc.assert(law, { seed: 1, numRuns: 200 })
  })

  it('behaviour: -Infinity, what offers nothing, comes last and is not lost', () => {
    const backlog = alike(2)
    backlog.arrive(0, Number.NEGATIVE_INFINITY)
    backlog.arrive(1, -1e300)
    expect(drained(backlog)).toEqual([1, 0])
  })
})

describe('arrive', () => {
  it('behaviour: who is inside already is not there twice, awake or asleep', () => {
    const backlog = alike(2)
    backlog.arrive(0, 1)
    backlog.arrive(0, 9)
    backlog.arrive(1, 5)
    expect(drained(backlog)).toEqual([1, 0])
    backlog.sleep(0, 1, restOf(0.1, 1))
    backlog.arrive(0, 9)
    expect([backlog.has(0), backlog.has(1)]).toEqual([true, false])
    expect(drained(backlog)).toEqual([])
    backlog.arrive(1, 5)
    expect(drained(backlog)).toEqual([1])
  })
})

describe('wake', () => {
  it('behaviour: all sleepers wake when what accounts may offer has changed', () => {
    const { backlog } = sleeping(0.5)
    backlog.wake(GAS, false)
    expect(drained(backlog)).toEqual([])
    backlog.wake(GAS, true)
    expect(drained(backlog)).toEqual([0])
    backlog.wake(GAS, true)
    expect(drained(backlog)).toEqual([])
  })

  it('law: a lone sleeper wakes before a move by its gap, up or down, of any one number', () => {
    for (const gap of [0.005, 0.0099, 0.01, 0.03, 0.1, 0.5, 1, 2.5])
      for (const k of [0, 1])
        for (const factor of [(1 + gap) * (1 + 1e-12), 1 - gap, 1 / (1 + gap) / (1 + 1e-12)]) {
          if (factor <= 0) continue
          const { backlog, numbers } = sleeping(gap)
          numbers[k] *= factor
          backlog.wake(GAS)
          expect(backlog.next(), `gap ${gap}, factor ${factor}`).toBe(0)
        }
  })

  it('law: it wakes before two numbers have moved apart by its gap', () => {
    for (const gap of [0.005, 0.02, 0.3]) {
      const { backlog, numbers } = sleeping(gap)
      const half = Math.sqrt(1 + gap) * (1 + 1e-12)
      numbers.set([100 * half, 1 / half])
      backlog.wake(GAS)
      expect(backlog.next()).toBe(0)
    }
  })

  it('law: a lone sleeper does not wake on half its gap', () => {
    for (const gap of [0.005, 0.0099, 0.01, 0.03, 0.1, 0.5, 1, 2.5])
      for (const factor of [1 + gap / 2, 1 / (1 + gap / 2)]) {
        const { backlog, numbers } = sleeping(gap)
        numbers[1] = factor * (1 + Math.sign(1 - factor) * 1e-12)
        backlog.wake(GAS)
        expect(backlog.next(), `gap ${gap}, factor ${factor}`).toBe(-1)
        expect(backlog.has(0)).toBe(true)
      }
  })

  it('behaviour: many small moves that add up to the gap wake it too', () => {
    const { backlog, numbers } = sleeping(0.1)
    let moves = 0
    while (backlog.next() < 0) {
      numbers[0] *= 0.999
      backlog.wake(GAS)
      expect(++moves).toBeLessThan(100)
    }
    expect(1 - numbers[0] / 100).toBeGreaterThan(0.05)
    expect(1 - numbers[0] / 100).toBeLessThan(0.1)
  })

  it('law: those who fall asleep later do not keep those before them asleep', () => {
    const price = Float64Array.of(1)
    const backlog = alike(20, price)
    const gap = 0.0199
    const awake: number[] = []
    for (let account = 0; price[0] <= 1 + gap; account++) {
      backlog.arrive(account, -1)
      for (const taken of drained(backlog)) {
        if (taken < account) awake.push(taken)
        else backlog.sleep(taken, -1, restOf(gap, 1))
      }
      price[0] *= 1.004
      backlog.wake(GAS)
    }
    expect([...awake, ...drained(backlog)]).toContain(0)
  })

  it('law: who falls asleep after a move wakes in time on its way back', () => {
    const price = Float64Array.of(1)
    const backlog = alike(2, price)
    backlog.sleep(0, 0, restOf(0.021, 1))
    price[0] = 1.015
    backlog.wake(GAS)
    backlog.sleep(1, 0, restOf(0.021, 1))
    // A fall by 2.1 % since then, and by 0.6 % since the other fell asleep.
    price[0] = 0.994
    backlog.wake(GAS)
    expect(drained(backlog)).toContain(1)
  })

  it('behaviour: below the least width, 0.5 %, gaps make no difference', () => {
    for (const gap of [0, 1e-9, 0.0049]) {
      const { backlog, numbers } = sleeping(gap)
      numbers[0] = 100.49
      backlog.wake(GAS)
      expect(backlog.next()).toBe(-1)
      numbers[0] = 100.51
      backlog.wake(GAS)
      expect(backlog.next()).toBe(0)
    }
  })

  it('behaviour: a number that comes to 0 or leaves it wakes all but who sleeps for good', () => {
    for (const [from, to] of [
      [0, 1],
      [1, 0],
    ]) {
      const numbers = Float64Array.of(from)
      const backlog = alike(2, numbers)
      backlog.sleep(0, 0, restOf(1e9, 1))
      backlog.sleep(1, 0, restOf(Number.POSITIVE_INFINITY, 1))
      backlog.wake(GAS)
      expect(backlog.next()).toBe(-1)
      numbers[0] = to
      backlog.wake(GAS)
      expect(drained(backlog)).toEqual([0])
      expect(backlog.has(1)).toBe(true)
    }
  })

  it('behaviour: those of one layer wake together, wider gaps sleep on', () => {
    const price = Float64Array.of(1)
    const backlog = alike(3, price)
    backlog.sleep(0, -3, restOf(0.011, 1))
    backlog.sleep(1, -2, restOf(0.019, 1))
    backlog.sleep(2, -1, restOf(0.9, 1))
    price[0] = 1.0101
    backlog.wake(GAS)
    expect(drained(backlog)).toEqual([1, 0])
    price[0] = 1.9
    backlog.wake(GAS)
    expect(drained(backlog)).toEqual([2])
  })
})

describe('kinds', () => {
  it('law: a move of one kind of numbers wakes nobody of another kind', () => {
    const numbers = [Float64Array.of(1, 1), Float64Array.of(1), Float64Array.of(1, 1, 1)]
    const backlog = backlogOf([2, 0, 1, 1, 0, 2], ...numbers)
    for (let account = 0; account < 6; account++) backlog.sleep(account, account, restOf(0.1, 1))
    ;['4,1', '3,2', '5,0'].forEach((members, kind) => {
      numbers[kind][0] = 1000
      backlog.wake(GAS)
      expect(drained(backlog).join()).toBe(members)
    })
  })

  it('law: each kind wakes before its own numbers have moved by the gap', () => {
    for (const kind of [0, 1]) {
      const numbers = [Float64Array.of(1, 100), Float64Array.of(7)]
      const backlog = backlogOf([0, 1], ...numbers)
      backlog.sleep(0, 0, restOf(0.03, 1))
      backlog.sleep(1, 0, restOf(0.03, 1))
      numbers[kind][0] *= 1.0301
      backlog.wake(GAS)
      expect(drained(backlog)).toEqual([kind])
    }
  })

  it('behaviour: those who wake of several kinds come in one order of margins', () => {
    const backlog = backlogOf([0, 1, 0, 1], Float64Array.of(1), Float64Array.of(1))
    ;[2, 3, 1, 4].forEach((margin, account) => {
      backlog.sleep(account, margin, restOf(0.1, 0.02))
    })
    backlog.wake(GAS / 2)
    expect(drained(backlog)).toEqual([3, 1, 0, 2])
  })

  it('law: the first sleeper of a kind sleeps at the numbers of now', () => {
    const price = Float64Array.of(1)
    const backlog = backlogOf([0, 1], price, Float64Array.of(1))
    for (const now of [1, 2, 5]) {
      price[0] = now
      backlog.wake(GAS)
      backlog.sleep(0, 0, restOf(0.1, 1))
      backlog.wake(GAS)
      expect(drained(backlog)).toEqual([])
      price[0] = now * 1.11
      backlog.wake(GAS)
      expect(drained(backlog)).toEqual([0])
    }
  })
})

describe('gas', () => {
  const falls = [0.04, 0.05, 0.1, 0.33, 0.64, 0.9, 0.999]

  it('law: a lone sleeper wakes before gas has fallen by its fall', () => {
    for (const fall of falls) {
      const { backlog } = sleeping(1e9, fall)
      backlog.wake(GAS * (1 - fall) * (1 - 1e-12))
      expect(backlog.next(), `fall ${fall}`).toBe(0)
    }
  })

  it('law: a lone sleeper does not wake on half its fall', () => {
    for (const fall of falls) {
      const { backlog } = sleeping(1e9, fall)
      backlog.wake(GAS * (1 - fall / 2) * (1 + 1e-12))
      expect(backlog.next(), `fall ${fall}`).toBe(-1)
      expect(backlog.has(0)).toBe(true)
    }
  })

  it('behaviour: below the least fall, 4 %, falls make no difference', () => {
    for (const fall of [0, 1e-9, 0.0399]) {
      const { backlog } = sleeping(1e9, fall)
      backlog.wake(GAS * 0.9801)
      expect(backlog.next()).toBe(-1)
      backlog.wake(GAS * 0.9599)
      expect(backlog.next()).toBe(0)
    }
  })

  it('behaviour: a fall of 1, and a gap of Infinity, sleep on even when gas is free', () => {
    const price = Float64Array.of(1)
    const backlog = alike(3, price)
    backlog.sleep(0, 0, restOf(0.1, 1))
    backlog.sleep(1, 0, restOf(Number.POSITIVE_INFINITY, 0.02))
    backlog.sleep(2, 0, restOf(0.1, 0.999))
    backlog.wake(0)
    expect(drained(backlog)).toEqual([2])
    price[0] = 2
    backlog.wake(0)
    expect(drained(backlog)).toEqual([0])
    expect(backlog.has(1)).toBe(true)
  })

  it('law: a rise of gas wakes nobody, nor does its way back', () => {
    for (const fall of [0, ...falls, 1]) {
      const { backlog } = sleeping(0.01, fall)
      for (const factor of [1.01, 1.1, 10, 1e6, 1.5, 1]) {
        backlog.wake(GAS * factor)
        expect(backlog.next(), `fall ${fall}, factor ${factor}`).toBe(-1)
      }
    }
  })

  it('behaviour: many small falls that add up wake it too', () => {
    const { backlog } = sleeping(0.1, 0.1)
    let gas = GAS
    for (let falls = 0; backlog.next() < 0; falls++) {
      expect(falls).toBeLessThan(100)
      gas *= 0.999
      backlog.wake(gas)
    }
    expect(1 - gas / GAS).toBeGreaterThan(0.05)
    expect(1 - gas / GAS).toBeLessThan(0.1)
  })

  it('law: those who fall asleep at other gas do not keep those before them asleep', () => {
    for (const factor of [0.985, 2]) {
      const backlog = alike(2)
      backlog.sleep(0, 1, restOf(0.1, 0.04))
      backlog.wake(GAS * factor)
      backlog.sleep(1, 0, restOf(0.1, 0.04))
      backlog.wake(GAS * 0.959)
      expect(drained(backlog)).toContain(0)
    }
  })

  it('law: who fell asleep at dearer gas wakes alone', () => {
    const backlog = alike(2)
    backlog.sleep(0, 1, restOf(0.1, 0.1))
    backlog.wake(2 * GAS)
    backlog.sleep(1, 0, restOf(0.1, 0.1))
    backlog.wake(2 * GAS * 0.89)
    expect(drained(backlog)).toEqual([1])
  })

  it('behaviour: gas from 2^-16 to 2^16 of its first price has levels, beyond it two', () => {
    const far = GAS * 2 ** 20
    for (const [gas, then] of [
      [far, GAS],
      [GAS, GAS / 2 ** 17],
    ]) {
      const backlog = alike(1)
      backlog.wake(gas)
      backlog.sleep(0, 0, restOf(0.1, 0.5))
      backlog.wake(then)
      expect(drained(backlog)).toEqual([0])
    }
  })

  it('behaviour: lists of one layer wake apart by gas, and together by prices', () => {
    const price = Float64Array.of(1)
    const backlog = alike(3, price)
    ;[0.02, 0.3, 1].forEach((fall, account) => {
      backlog.sleep(account, -account, restOf(0.1, fall))
    })
    backlog.wake(GAS * 0.95)
    expect(drained(backlog)).toEqual([0])
    backlog.sleep(0, 0, restOf(0.1, 0.02))
    price[0] = 1.11
    backlog.wake(GAS * 0.95)
    expect(drained(backlog)).toEqual([0, 1, 2])
  })
})

describe('clear', () => {
  it('behaviour: nobody is inside, and everybody may arrive anew', () => {
    const price = Float64Array.of(1)
    const backlog = alike(3, price)
    backlog.arrive(0, 1)
    backlog.sleep(1, 1, restOf(0.02, 0.02))
    backlog.sleep(2, 1, restOf(Number.POSITIVE_INFINITY, 1))
    backlog.clear()
    expect([0, 1, 2].some(backlog.has)).toBe(false)
    price[0] = 9
    backlog.wake(0)
    expect(backlog.next()).toBe(-1)
    for (const account of [2, 1, 0]) backlog.arrive(account, 1)
    expect(drained(backlog)).toEqual([0, 1, 2])
  })
})
