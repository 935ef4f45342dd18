import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AssertionError } from '../errors.ts'
import { type Heap, heap } from './heap.ts'

function drain(queue: Heap): [number, number][] {
  const out: [number, number][] = []
  while (queue.size > 0) out.push([queue.peekKey(), queue.popItem()])
  return out
}

it('default: gives the least key first', () => {
  const queue = heap(4)
  queue.push(3, 30)
  queue.push(1, 10)
  queue.push(2, 20)
  expect([queue.size, queue.peekKey(), queue.peekItem()]).toEqual([3, 1, 10])
  expect(drain(queue).map(([, item]) => item)).toEqual([10, 20, 30])
})

it('behaviour: equal keys come by rising item, whatever the order of the pushes', () => {
  const queue = heap(1)
  for (const item of [5, 2, 9, 0, 7]) queue.push(1, item)
  expect(drain(queue).map(([, item]) => item)).toEqual([0, 2, 5, 7, 9])
})

it('behaviour: clear empties, infinite keys and 0 capacity are fine', () => {
  const queue = heap(0)
  queue.push(Infinity, 1)
  queue.push(-Infinity, 2)
  expect(queue.popItem()).toBe(2)
  queue.clear()
  expect(queue.size).toBe(0)
})

it('error: NaN keys and empty heaps stop the run', () => {
  const queue = heap(1)
  expect(() => queue.push(NaN, 0)).toThrow(AssertionError)
  expect(() => queue.popItem()).toThrow(AssertionError)
  expect(() => queue.peekKey()).toThrow(AssertionError)
  expect(() => queue.peekItem()).toThrow(AssertionError)
})

it('law: agrees with a sorted list through pushes and pops', () => {
  const step = fc.oneof(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.nat(9)), fc.constant('pop'))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = heap(2)
      const list: [number, number][] = []
      for (const next of steps) {
        if (typeof next !== 'string') {
          queue.push(...next)
          list.push([...next])
          list.sort((a, b) => a[0] - b[0] || a[1] - b[1])
        } else if (list.length > 0) {
          expect([queue.peekKey(), queue.popItem()]).toEqual(list.shift())
        }
      }
      expect(drain(queue)).toEqual(list)
    }),
    { seed: 9 },
  )
})
