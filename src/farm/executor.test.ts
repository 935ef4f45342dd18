import { describe, expect, it } from 'vitest'
import type { Task } from '../sweep/plan.ts'
import { type Outcome, workOn } from '../sweep/work.ts'
import { inFlight, runOrNote } from './executor.ts'
import { NotTriedError, type Pool } from './pool.ts'

const task: Task = { id: 'a', spans: [{ cell: 0, from: 0, count: 3 }] }

function poolThat(run: (task: Task) => Outcome): Pool {
  return { run: async (task) => run(task), close: async () => {} }
}

function whole({ id, spans }: Task): Outcome {
  const rows = spans.reduce((sum, { count }) => sum + count, 0)
  return { id, spans, values: new Float64Array(rows), failed: [], milliseconds: 1 }
}

describe('runOrNote', () => {
  it('behaviour: a run that ends its thread is noted, and those beside it are not', async () => {
    const pool = poolThat((task) => {
      if (task.spans.some(({ from, count }) => from <= 1 && 1 < from + count))
        throw new Error('a thread ended with 134')
      return whole(task)
    })
    const { failed, values } = await runOrNote(pool, task, 1)
    expect(failed).toMatchObject([{ cell: 0, run: 1, code: 'FB1000' }])
    expect([...values]).toEqual([0, Number.NaN, 0])
  })

  it('behaviour: a run that ends its thread for lack of memory is noted as that', async () => {
    const pool = poolThat(() => {
      const message = 'Worker terminated due to reaching memory limit: JS heap out of memory'
      throw Object.assign(new Error(message), { code: 'ERR_WORKER_OUT_OF_MEMORY' })
    })
    const { failed } = await runOrNote(
      pool,
      { id: 'a', spans: [{ cell: 0, from: 4, count: 1 }] },
      1,
    )
    expect(failed).toMatchObject([{ run: 4, code: 'FB4304' }])
    expect(failed[0].text).toMatch(/needs more memory.*JS heap out of memory.*--resume/)
  })

  it('trap: what could not be tried is no failed run', async () => {
    const pool = poolThat(() => {
      throw new NotTriedError('an input is not there')
    })
    await expect(runOrNote(pool, task, 1)).rejects.toThrow(NotTriedError)
  })
})

describe('workOn', () => {
  it('behaviour: an array that finds no room is lack of memory, and nothing else is', () => {
    const meter = (message: string, make = RangeError) => ({
      measures: [],
      run: (): Float64Array => {
        throw new make(message)
      },
    })
    const codeOf = (one: ReturnType<typeof meter>) => {
      return workOn(
        task,
        1,
        () => one,
        () => 0,
      ).failed.map(({ code }) => code)
    }
    expect(codeOf(meter('Array buffer allocation failed'))).toEqual(Array(3).fill('FB4304'))
    expect(codeOf(meter('Invalid array length'))).toEqual(Array(3).fill('FB1000'))
    expect(codeOf(meter('Array buffer allocation failed', Error))[0]).toBe('FB1000')
  })
})

describe('inFlight', () => {
  it('behaviour: who stops does not wait for what nobody works on', async () => {
    const never = () => new Promise<Outcome>(() => {})
    const outcomes: Outcome[] = []
    const all = inFlight([task], 2, never, () => false, Promise.resolve(null))
    for await (const outcome of all) outcomes.push(outcome)
    expect(outcomes).toEqual([])
  })
})
