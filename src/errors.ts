/** The error families. Subclasses sit at the bottom of the file that throws them. */

/**
 * What every error says: a code, where, what came, and what to do. Same object in CLI, library and
 * HTTP.
 */
export interface ErrorFacts {
  /**
   * `FB2xxx` for the command line and the scenario file, `FB4xxx` for any file a scenario names.
   */
  readonly code: string
  /** The rule that was broken, in one sentence without a full stop. */
  readonly rule: string
  /** Where: `file.yaml:14:9`, `positions.csv:12, column amount`, `--drop`, or a key path. */
  readonly place?: string
  /** What came, shortened to one line. */
  readonly came?: string
  /** What to do about it. */
  readonly remedy?: string
  readonly cause?: unknown
}

/** The base of everything Firebreak throws on purpose. */
export class FirebreakError extends Error {
  readonly code: string
  readonly rule: string
  readonly place: string | undefined
  readonly came: string | undefined
  readonly remedy: string | undefined

  constructor(facts: ErrorFacts) {
    super(sentence(facts), facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = new.target.name
    this.code = facts.code
    this.rule = facts.rule
    this.place = facts.place
    this.came = facts.came
    this.remedy = facts.remedy
  }
}

/** The caller can fix it: bad usage or scenario. Exit 2, HTTP 400, codes `FB2xxx`. */
export class InputError extends FirebreakError {}

/** A file that the scenario names, or the outside, failed. Exit 4, HTTP 502, codes `FB4xxx`. */
export class SourceError extends FirebreakError {}

/** Our own mistake: stops the run. Exit 1, HTTP 500. */
export class AssertionError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'AssertionError'
  }
}

/**
 * Stops the run when we broke one of our own promises. Never for bad input. `subject` stands before
 * the message: in hot loops no text is put together for a promise that was kept.
 */
export function assert(holds: boolean, message: string, subject = ''): asserts holds {
  if (!holds) throw new AssertionError(subject === '' ? message : `${subject} ${message}`)
}

function sentence(facts: ErrorFacts): string {
  const place = facts.place === undefined ? '' : `${facts.place}: `
  const came = facts.came === undefined ? '' : `, got ${facts.came}`
  const remedy = facts.remedy === undefined ? '' : `. ${facts.remedy}`
  return `${facts.code} ${place}${facts.rule}${came}${remedy}`
}
