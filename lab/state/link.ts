/** The address of the page: which screen, and the whole scenario behind the hash. */

import type { Draft } from '../engine/protocol.ts'

/** What a link opens. `run` is the first part of the run id that its sender saw. */
export interface Linked {
  readonly screen: string
  readonly draft: Draft | null
  readonly run: string | null
  /** Whether the server of this page has the files that the scenario names. */
  readonly isServed: boolean
}

/**
 * Writes the part behind `#`: the screen, then the draft in JSON, deflated, as base64url. What
 * stands there never reaches a server.
 */
export async function hashOf(
  screen: string,
  draft: Draft,
  run: string | null,
  isServed: boolean,
): Promise<string> {
  const packed = await through(new CompressionStream('deflate-raw'), utf8(JSON.stringify(draft)))
  const words = new URLSearchParams({ s: base64url(packed) })
  if (run !== null) words.set('run', run.slice(0, RUN_DIGITS))
  if (isServed) words.set('opened', '1')
  return `${screen}?${words}`
}

/** Reads the part behind `#`. Throws: BrokenLinkError */
export async function linkedIn(hash: string): Promise<Linked> {
  const [screen, words = ''] = hash.replace(/^#/, '').split('?')
  const given = new URLSearchParams(words)
  const packed = given.get('s')
  const run = given.get('run')
  const isServed = given.has('opened')
  if (packed === null) return { screen, draft: null, run, isServed }
  try {
    const bytes = await through(new DecompressionStream('deflate-raw'), fromBase64url(packed))
    const draft = draftOf(JSON.parse(new TextDecoder().decode(bytes)))
    return { screen, draft, run, isServed }
  } catch (cause) {
    throw new BrokenLinkError(cause)
  }
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

/** A link that was cut or mistyped. */
export class BrokenLinkError extends Error {
  constructor(cause: unknown) {
    super('the link is broken: part of it is missing or was changed', { cause })
  }
}
