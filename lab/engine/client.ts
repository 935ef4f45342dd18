/** The page's side of the worker: questions in lanes, of which only the last one matters. */

import type { DroppedFile, Fault, FromWorker, Kind, Questions, ToWorker } from './protocol.ts'

/** An answer that was no longer wanted: a newer question came in its lane, or it was stopped. */
export class Superseded extends Error {}

/** A fault of the engine, with its code, place and remedy. */
export class EngineError extends Error {
  readonly fault: Fault
  constructor(fault: Fault) {
    super(fault.message)
    this.fault = fault
  }
}

/** A worker of its own for each lane, so that a long search does not hold up a slider. */
export type Lane = 'run' | 'preview' | 'search' | 'replay' | 'help' | 'text' | 'files'

interface Waiting {
  readonly id: number
  readonly message: ToWorker
  part(part: unknown): void
  settle(answer: unknown): void
  fail(error: Error): void
}

/** Questions to the engine. */
export interface Engine {
  /**
   * Asks; a newer question in the same lane makes this one stale.
   *
   * Rule:   a lane works on one question; of those that come meanwhile only the last is kept.
   * Throws: Superseded, EngineError; `LostWorker` where the worker died, which is then begun anew
   */
  ask<K extends Kind>(
    lane: Lane,
    kind: K,
    ask: Questions[K]['ask'],
    part?: (part: Questions[K]['part']) => void,
  ): Promise<Questions[K]['answer']>
  /** Ends what a lane is working on, at once. */
  stop(lane: Lane): void
  /** Files that scenarios may name from now on. */
  give(files: readonly DroppedFile[]): void
  /** The files that were given last. */
  given(): readonly DroppedFile[]
}

/** A worker that ended without an answer; the next question finds a fresh one. */
export class LostWorker extends Error {}

/** Begins an engine; `open` makes a worker. */
export function engineOf(open: () => Worker): Engine {
  let files: readonly DroppedFile[] = []
  const lanes = new Map<Lane, ReturnType<typeof laneOf>>()
  const laneFor = (lane: Lane) => {
    const known = lanes.get(lane) ?? laneOf(open, () => files)
    lanes.set(lane, known)
    return known
  }
  let id = 0
  return {
    ask: (lane, kind, ask, part) =>
      new Promise((resolve, reject) => {
        id++
        laneFor(lane).add({
          ...{ id, message: { id, kind, ask } },
          part: (one) => part?.(one as never),
          settle: (answer) => resolve(answer as never),
          fail: reject,
        })
      }),
    stop: (lane) => lanes.get(lane)?.stop(new Superseded('stopped')),
    give(given) {
      files = given
      for (const lane of lanes.values()) lane.give()
    },
    given: () => files,
  }
}

function laneOf(open: () => Worker, files: () => readonly DroppedFile[]) {
  let worker: Worker | null = null
  let current: Waiting | null = null
  let next: Waiting | null = null

  const send = (message: ToWorker) => worker?.postMessage(message)
  const take = ({ data }: MessageEvent<FromWorker>) => {
    if (current?.id !== data.id) return
    if ('part' in data) return current.part(data.part)
    const done = current
    current = null
    begin()
    if ('fault' in data) done.fail(new EngineError(data.fault))
    else done.settle(data.answer)
  }
  const drop = (error: Error) => {
    worker?.terminate()
    worker = null
    const lost = current
    current = null
    begin()
    lost?.fail(error)
  }
  const fresh = () => {
    worker = open()
    worker.onmessage = take
    worker.onerror = (event) => {
      event.preventDefault()
      drop(new LostWorker(event.message || 'the engine ended without an answer'))
    }
    worker.onmessageerror = () => drop(new LostWorker('what the engine said cannot be read'))
    send({ files: files() })
  }
  const begin = () => {
    if (current !== null || next === null) return
    current = next
    next = null
    if (worker === null) fresh()
    send(current.message)
  }
  return {
    add(waiting: Waiting) {
      next?.fail(new Superseded('a newer question came'))
      next = waiting
      begin()
    },
    stop(error: Error) {
      next?.fail(error)
      next = null
      if (current !== null) drop(error)
    },
    give: () => send({ files: files() }),
  }
}
