import { describe, expect, it } from 'vitest'
import { diskSource } from '../ingest/files.ts'
import { readScenario } from '../ingest/read.ts'
import { bundleOf, sourceOf } from './bundle.ts'

describe('bundleOf', () => {
  it('law: what was read from a disk reads the same from its digests alone', async () => {
    const bundle = bundleOf(diskSource('.'))
    const keys: [string, string][] = [['seed', '7']]
    const once = await readScenario('rules/perpetual-hyperliquid', bundle, [])
    await readScenario('rules/perpetual-hyperliquid', bundle, [])
    const source = sourceOf(JSON.parse(JSON.stringify(bundle.listing())), (digest) => {
      return bundle.blobs.get(digest)!
    })
    const again = await readScenario('rules/perpetual-hyperliquid', source, [])
    expect(again.runId).toBe(once.runId)
    expect(again.scenario).toEqual(once.scenario)
    expect(Object.keys(bundle.listing().digests).length).toBeGreaterThan(2)
    expect((await readScenario('rules/perpetual-hyperliquid', source, keys)).runId).not.toBe(
      once.runId,
    )
  })

  it('error: a file that was not read is not there', async () => {
    const source = sourceOf({ paths: {}, digests: {} }, () => new Uint8Array())
    await expect(readScenario('eth-lending', source)).rejects.toThrow('not in the bundle')
  })
})
