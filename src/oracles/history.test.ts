import { describe, expect, it } from 'vitest'
import { randomAt } from '../math/random.ts'
import { History } from './history.ts'

describe('History', () => {
  it('default: one sample, which holds at all times', () => {
    const history = new History(5, 7)
    expect([history.length, history.time(0), history.value(0)]).toEqual([1, 5, 7])
    expect([history.lineAt(-1), history.lineAt(5), history.lineAt(9)]).toEqual([7, 7, 7])
  })

  it('behaviour: a sample holds until the next, and the line runs straight to it', () => {
    const history = new History(0, 10)
    history.push(12, 20)
    history.push(36, 8)
    expect([-1, 0, 11.9, 12, 35, 36, 99].map((t) => history.value(history.heldAt(t)))).toEqual([
      10, 10, 10, 20, 20, 8, 8,
    ])
    expect([-1, 0, 3, 12, 24, 36, 99].map((t) => history.lineAt(t))).toEqual([
      10, 10, 12.5, 20, 14, 8, 8,
    ])
  })

  it('behaviour: a sample of the same time replaces the newest', () => {
    const history = new History(0, 10)
    history.push(12, 20)
    history.push(12, 30)
    expect([history.length, history.value(1)]).toEqual([2, 30])
  })

  it('behaviour: forgetting keeps the sample that held', () => {
    const history = new History(0, 0)
    for (let t = 10; t <= 50; t += 10) history.push(t, t)
    history.forget(29)
    expect([history.length, history.time(0)]).toEqual([4, 20])
    history.forget(30)
    expect([history.length, history.time(0)]).toEqual([3, 30])
    history.forget(1e9)
    expect([history.length, history.time(0)]).toEqual([1, 50])
  })

  it('law: wrapped and grown rings answer like a plain list', () => {
    const random = randomAt(7, 0)
    const history = new History(0, 0)
    let list = [{ time: 0, value: 0 }]
    for (let i = 1; i <= 3000; i++) {
      const value = random.normal(i, 0)
      history.push(i, value)
      list.push({ time: i, value })
      // A window that opens and closes, so that the ring wraps before it grows.
      const since = i - 200 - (i > 1500 ? i - 1500 : 0)
      history.forget(since)
      list = list.filter((_, j) => j === list.length - 1 || list[j + 1].time > since)
      const asked = i - Math.floor(250 * random.uniform(i, 1)) + 0.5
      const held = list.findLast(({ time }) => time <= asked) ?? list[0]
      expect(history.value(history.heldAt(asked))).toBe(held.value)
      expect([history.length, history.time(0)]).toEqual([list.length, list[0].time])
    }
    expect(history.room).toBe(2048)
  })

  it('law: no room is added for a window that fitted, nor after reset', () => {
    const history = new History(0, 0)
    for (let i = 1; i < 5000; i++) {
      history.push(i, i)
      history.forget(i - 254)
    }
    expect(history.room).toBe(256)
    const large = new History(0, 0)
    for (let i = 1; i < 1000; i++) large.push(i, i)
    large.reset(history)
    expect(large.room).toBe(1024)
    expect([large.length, large.time(0), large.value(254)]).toEqual([255, 4745, 4999])
  })

  it('law: a copy is independent', () => {
    const history = new History(0, 1)
    history.push(1, 2)
    const copy = history.copy()
    history.push(1, 3)
    history.forget(1)
    expect([copy.length, copy.value(0), copy.value(1)]).toEqual([2, 1, 2])
  })

  it('error: time does not run backwards', () => {
    const history = new History(10, 1)
    expect(() => history.push(9, 1)).toThrow('rising order of time')
  })
})
