/** Bytes of files as text, with their digest. Uses only what Node, browsers and workers share. */

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** Where scenarios and the files they name come from: a disk, a bundle, a test. */
export interface FileSource {
  /**
   * The bytes at a resolved path. Throws when there are none; the reader says which file and why.
   */
  read(path: string): Uint8Array
  /**
   * The path of `name` as written in the file `from`; `from` is empty for what the caller named.
   * Scenarios resolve against the file that extends them, data against the data folder.
   */
  resolve(from: string, name: string, role: 'scenario' | 'data'): string
}

/** Why bytes are not text. */
export type TextFault = 'empty' | 'utf16' | 'invalid'

/** Decodes UTF-8, with or without its mark; anything else is a fault. */
export function textOf(
  bytes: Uint8Array,
): { readonly text: string } | { readonly fault: TextFault } {
  const mark = bytes.length < 2 ? 0 : bytes[0] * 256 + bytes[1]
  if (mark === 0xfffe || mark === 0xfeff) return { fault: 'utf16' }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.trim() === '' ? { fault: 'empty' } : { text }
  } catch {
    return { fault: 'invalid' }
  }
}

/** What to say of bytes that are not text. */
export const textRules: Readonly<Record<TextFault, string>> = {
  empty: 'the file is empty',
  utf16: 'the file must be UTF-8, and this one is UTF-16',
  invalid: 'the file must be UTF-8, and has bytes that are not',
}

/** SHA-256 in 64 hexadecimal digits. */
export function digestOf(content: Uint8Array | string): string {
  return bytesToHex(sha256(typeof content === 'string' ? utf8ToBytes(content) : content))
}

/** Unpacks gzip; null when the stream is broken, cut short or unpacks to more than `bytesMax`. */
export async function gunzipped(bytes: Uint8Array, bytesMax: number): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = []
  let size = 0
  try {
    const packed = new Blob([new Uint8Array(bytes)]).stream()
    const reader = packed.pipeThrough(new DecompressionStream('gzip')).getReader()
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      parts.push(next.value)
      size += next.value.length
      if (size <= bytesMax) continue
      await reader.cancel()
      return null
    }
  } catch {
    return null
  }
  const all = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
