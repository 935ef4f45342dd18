/** What can be wrong with a sweep: what was asked for, its store, its queue. */

import { InputError, SourceError } from '../errors.ts'

/** Many runs of something that has no chance in it. */
export class NothingRandomError extends InputError {
  constructor(runs: number) {
    super({
      code: 'FB2083',
      rule: 'many runs need something that is drawn: a path in time, or a synthetic book',
      place: '--runs',
      came: String(runs),
      remedy: 'Leave --runs out, or give the scenario blocks: and a random course',
    })
  }
}

/** Runs that do not fill their batches. */
export class BatchError extends InputError {
  constructor(runs: number, batch: number) {
    super({
      code: 'FB2089',
      rule: `runs that are spread in batches of ${batch} must fill two batches or more`,
      place: '--runs',
      came: String(runs),
      remedy: `Give --runs ${Math.max(2, Math.ceil(runs / batch)) * batch}`,
    })
  }
}

/** A first path in the middle of a batch. */
export class FirstPathError extends InputError {
  constructor(path: number, batch: number) {
    super({
      code: 'FB2089',
      rule: `runs that are spread in batches of ${batch} must begin with one`,
      place: 'path',
      came: String(path),
      remedy: `Let path be a multiple of ${batch}`,
    })
  }
}

/** A cell that has other measures than the rest. */
export class CellsDifferError extends InputError {
  constructor(cell: string) {
    super({
      code: 'FB2084',
      rule: 'all cells of a sweep must be measured alike',
      place: '--vary',
      came: cell,
      remedy: 'Vary numbers, not which protocols there are or whether the scenario has a time',
    })
  }
}

/** What tells the runs of a cell apart is varied: then runs of two cells would be one. */
export class DrawnVariedError extends InputError {
  constructor(key: string) {
    super({
      code: 'FB2084',
      rule: 'all cells of a sweep must begin with the same draw',
      place: '--vary',
      came: key,
      remedy: `Give --runs: each run of a cell has another ${key}`,
    })
  }
}

/** More cells than anybody will look at. */
export class TooManyCellsError extends InputError {
  constructor(cells: number, most: number) {
    super({
      code: 'FB2085',
      rule: `a sweep has at most ${most} cells`,
      place: '--vary',
      came: String(cells),
      remedy: 'Take longer steps, or --tornado to vary one key at a time',
    })
  }
}

/** An unfinished or other sweep stands where this one wants to. */
export class StoreTakenError extends InputError {
  constructor(folder: string, came: string, remedy: string) {
    super({
      code: 'FB2086',
      rule: 'the folder already holds a sweep',
      place: folder,
      came,
      remedy,
    })
  }
}

/** The store cannot be opened or written. */
export class StoreError extends SourceError {
  constructor(folder: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    super({
      code: 'FB4301',
      rule: 'the results of a sweep must be a file that this process alone can write',
      place: folder,
      came: reason.slice(0, 200),
      remedy: remedyOf(reason),
      cause,
    })
  }
}

function remedyOf(reason: string): string {
  if (/not a valid DuckDB|holds no sweep/.test(reason))
    return 'Move the file away, or name another --out'
  if (/ENOTDIR|EEXIST/.test(reason)) return 'A file stands there: name a folder with --out'
  return 'What was kept is whole. Make room, or end the other process, and use --resume'
}

/** The queue cannot be reached, or is none. */
export class QueueError extends SourceError {
  constructor(url: string, came: string) {
    super({
      code: 'FB4302',
      rule: '--queue must be the address of a Redis that answers, version 5 or later',
      place: url,
      came,
      remedy: 'Write it like redis://host:6379, and see that redis-server runs there',
    })
  }
}

/** A worker of another version. */
export class EngineDiffersError extends SourceError {
  constructor(id: string, needs: string, has: string) {
    super({
      code: 'FB4303',
      rule: 'a worker must be of the same engine as the sweep',
      place: `sweep ${id.slice(0, 12)}`,
      came: `engine ${has} here, and it needs ${needs}`,
      remedy: `Install firebreak ${needs} on this machine, or run the sweep with ${has}`,
    })
  }
}
