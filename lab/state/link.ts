/** The address of the page: which screen, and the whole scenario behind the hash. */

import type { DataSource } from '../../src/report.ts'
import type { Draft, Questions } from '../engine/protocol.ts'

/** What the sender of a link saw, to tell whether the same comes out here. */
export interface Promised {
  /** The first part of the run id. */
  readonly run: string
  /** The engine's version; null in a link that does not say. */
  readonly engine: string | null
  /** The first digits of the digests of the files behind the run, in the order of its report. */
  readonly files: readonly string[]
}

/** What a link opens. */
export interface Linked {
  readonly screen: string
  readonly draft: Draft | null
  readonly promised: Promised | null
  /** Whether the server of this page has the files that the scenario names. */
  readonly isServed: boolean
  /** What the sender saw of the screen beside the scenario, in the screen's own form; or null. */
  readonly view: unknown
}

/**
 * Writes the part behind `#`: the screen, then the draft in JSON, deflated, as base64url, with the
 * view of the screen in it where there is one. What stands there never reaches a server.
 */
export async function hashOf(
  screen: string,
  draft: Draft,
  promised: Promised | null,
  isServed: boolean,
  view: unknown = null,
): Promise<string> {
  const whole = view === null ? draft : { ...draft, view }
  const packed = await through(new CompressionStream('deflate-raw'), utf8(JSON.stringify(whole)))
  const words = new URLSearchParams({ s: base64url(packed) })
  if (promised !== null) {
    words.set('run', promised.run)
    if (promised.engine !== null) words.set('engine', promised.engine)
    if (promised.files.length > 0) words.set('files', promised.files.join('.'))
  }
  if (isServed) words.set('opened', '1')
  return `${screen}?${words}`
}

/** Reads the part behind `#`. Throws: BrokenLinkError */
export async function linkedIn(hash: string): Promise<Linked> {
  const [screen, words = ''] = hash.replace(/^#/, '').split('?')
  const given = new URLSearchParams(words)
  const packed = given.get('s')
  const promised = promisedIn(given)
  const isServed = given.has('opened')
  if (packed === null) return { screen, draft: null, promised, isServed, view: null }
  try {
    const bytes = await through(new DecompressionStream('deflate-raw'), fromBase64url(packed))
    const whole = JSON.parse(new TextDecoder().decode(bytes))
    return { screen, draft: draftOf(whole), promised, isServed, view: whole.view ?? null }
  } catch (cause) {
    throw new BrokenLinkError(cause)
  }
}

function promisedIn(given: URLSearchParams): Promised | null {
  const run = given.get('run')
  if (run === null) return null
  const files = given.get('files')?.split('.') ?? []
  return { run, engine: given.get('engine'), files }
}

/** What a link promises of a run. */
export function promiseOf({ runId, engineVersion, report }: Ran): Promised {
  return {
    run: runId.slice(0, RUN_DIGITS),
    engine: engineVersion,
    files: filesOf(report.data).map(({ sha256 }) => sha256.slice(0, FILE_DIGITS)),
  }
}

/** What the run id says of a run that was opened by a link. */
export type Verdict =
  | { readonly isSame: true }
  | { readonly isSame: false; readonly reason: string }

/**
 * Compares a run with what its sender saw.
 *
 * Rule: a run id depends on the scenario, its files and the engine, and on nothing else.
 */
export function verdictOn(promised: Promised, ran: Ran): Verdict {
  if (ran.runId.startsWith(promised.run)) return { isSame: true }
  const here = promiseOf(ran)
  if (promised.engine !== null && promised.engine !== here.engine) {
    const reason = `the link was made by engine ${promised.engine}, this is ${here.engine}`
    return { isSame: false, reason }
  }
  const other = filesOf(ran.report.data).find((_, i) => promised.files[i] !== here.files[i])
  if (other !== undefined && promised.files.length > 0)
    return { isSame: false, reason: `${other.name} is another file than the sender had` }
  const reason =
    promised.engine === null
      ? 'the engine or a file is another than the sender had'
      : 'the link was changed after the run'
  return { isSame: false, reason }
}

type Ran = Pick<Questions['run']['answer'], 'runId' | 'engineVersion' | 'report'>

/** What was read from bytes; made-up accounts were not. */
function filesOf(data: readonly DataSource[]) {
  return data.flatMap(({ name, sha256 }) => (sha256 === null ? [] : [{ name, sha256 }]))
}

function draftOf(given: unknown): Draft {
  const { entry, text, overrides } = given as Draft
  const areOverrides =
    Array.isArray(overrides) &&
    overrides.every(
      (one: unknown[]) => one.length === 2 && one.every((word) => typeof word === 'string'),
    )
  if (typeof entry !== 'string' || !(text === null || typeof text === 'string') || !areOverrides)
    throw new TypeError('no draft')
  return { entry, text, overrides }
}

async function through(stream: GenericTransform, bytes: Uint8Array): Promise<Uint8Array> {
  const whole = new Response(
    new Blob([new Uint8Array(bytes)]).stream().pipeThrough(transformer(stream)),
  )
  return new Uint8Array(await whole.arrayBuffer())
}

type GenericTransform = CompressionStream | DecompressionStream

function transformer(stream: GenericTransform): ReadableWritablePair<Uint8Array<ArrayBuffer>> {
  return stream as unknown as ReadableWritablePair<Uint8Array<ArrayBuffer>>
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function base64url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

function fromBase64url(text: string): Uint8Array {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0))
}

const RUN_DIGITS = 16
const FILE_DIGITS = 8

/** A link that was cut or mistyped. */
export class BrokenLinkError extends Error {
  static readonly remedy = 'Ask for the link again, or open an example'
  constructor(cause: unknown) {
    super('the link is broken: part of it is missing or was changed', { cause })
  }
}
