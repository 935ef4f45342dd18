/** The scenario that `firebreak serve` was given, and its files. */

import type { Opened } from '../../src/farm/opened.ts'
import type { Draft, DroppedFile } from '../engine/protocol.ts'

/** What a server opened. */
export interface ServedScenario {
  readonly draft: Draft
  readonly files: readonly DroppedFile[]
}

/** Fetches what this page's server opened; null where it is no `firebreak serve`, or is over. */
export async function servedScenario(): Promise<ServedScenario | null> {
  if (!window.location.protocol.startsWith('http')) return null
  try {
    const { entry, text, overrides, files }: Opened = await (await wanted('opened.json')).json()
    const given = files.map(async ({ name, asked, sha256 }): Promise<DroppedFile> => {
      const bytes = await (await wanted(`blobs/${sha256}`)).arrayBuffer()
      return { name, asked, bytes: new Uint8Array(bytes) }
    })
    return { draft: { entry, text, overrides }, files: await Promise.all(given) }
  } catch {
    return null
  }
}

async function wanted(address: string): Promise<Response> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`${address}: ${response.status}`)
  return response
}
