/** What a feed remembers: one number over time, oldest first, back as far as it is needed. */

import { assert } from '../errors.ts'

/**
 * A queue of samples (time, value) in rising order of time, in a ring of two columns.
 *
 * Shape: room for `ROOM` samples; a full ring doubles. How many samples fall into a window is not
 *        known before the blocks are, so growing is the one allocation here: a few times in the
 *        life of a ring, since `reset` keeps the room, and none once the window is full.
 */
export class History {
  private times: Float64Array = new Float64Array(ROOM)
  private values: Float64Array = new Float64Array(ROOM)
  private first = 0
  private count = 0

  /** Starts with one sample: what was before it is taken to be the same. */
  constructor(atSeconds: number, value: number) {
    this.push(atSeconds, value)
  }

  /** Samples that are remembered; always one at least. */
  get length(): number {
    return this.count
  }

  /** Samples that fit before the ring has to grow. */
  get room(): number {
    return this.times.length
  }

  /** When sample i was taken; the oldest is 0. */
  time(i: number): number {
    return this.times[(this.first + i) & (this.times.length - 1)]
  }

  /** What sample i saw; the oldest is 0. */
  value(i: number): number {
    return this.values[(this.first + i) & (this.values.length - 1)]
  }

  /** Adds a sample; one of the same time as the newest replaces it. */
  push(atSeconds: number, value: number): void {
    const newest = this.count === 0 ? Number.NEGATIVE_INFINITY : this.time(this.count - 1)
    assert(atSeconds >= newest, 'samples come in rising order of time')
    if (atSeconds > newest) {
      if (this.count === this.times.length) this.grow()
      this.count++
    }
    const at = (this.first + this.count - 1) & (this.times.length - 1)
    this.times[at] = atSeconds
    this.values[at] = value
  }

  /** Drops what no question about `since` or later needs: the sample that held then stays. */
  forget(since: number): void {
    while (this.count > 1 && this.time(1) <= since) {
      this.first = (this.first + 1) & (this.times.length - 1)
      this.count--
    }
  }

  /** The sample that held at a time: the last one not after it, or the oldest. */
  heldAt(atSeconds: number): number {
    let low = 0
    let high = this.count
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.time(middle) <= atSeconds) low = middle
      else high = middle
    }
    return low
  }

  /** The value at a time on the straight line between samples; flat beyond both ends. */
  lineAt(atSeconds: number): number {
    const before = this.heldAt(atSeconds)
    const from = this.time(before)
    if (before === this.count - 1 || atSeconds <= from) return this.value(before)
    const share = (atSeconds - from) / (this.time(before + 1) - from)
    return this.value(before) + share * (this.value(before + 1) - this.value(before))
  }

  copy(): History {
    const history = new History(0, 0)
    history.reset(this)
    return history
  }

  reset(from: History): void {
    while (this.times.length < from.count) this.enlarge()
    for (let i = 0; i < from.count; i++) {
      this.times[i] = from.time(i)
      this.values[i] = from.value(i)
    }
    this.first = 0
    this.count = from.count
  }

  private grow(): void {
    const old = this.copy()
    this.enlarge()
    this.reset(old)
  }

  private enlarge(): void {
    this.times = new Float64Array(2 * this.times.length)
    this.values = new Float64Array(this.times.length)
  }
}

/** A power of two, so that wrapping is a mask. */
const ROOM = 256
