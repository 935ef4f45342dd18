import { describe, expect, it } from 'vitest'
import { BrokenLinkError, hashOf, linkedIn, type Promised, promiseOf, verdictOn } from './link.ts'
import type { Ran } from './store.ts'

const draft = { entry: 'eth-lending', text: null, overrides: [['shock.drop', '14%']] } as const
const promised: Promised = { run: 'a066ef7200b3465e', engine: '0.1.0', files: ['13f5bb4a'] }

describe('link', () => {
  it('default: what a link carries comes back', async () => {
    const own = { ...draft, entry: 'own.yaml', text: 'name: "größer & weiter"\n' }
    expect(await linkedIn(`#${await hashOf('phase', own, promised, true)}`)).toEqual({
      screen: 'phase',
      draft: own,
      promised,
      isServed: true,
      view: null,
    })
  })

  it('default: the view of a screen comes back too', async () => {
    const view = { choices: { a: { kind: 'none' } }, pairs: 80 }
    const { draft: back, view: seen } = await linkedIn(
      await hashOf('compare', draft, null, false, view),
    )
    expect([back, seen]).toEqual([draft, view])
  })

  it('default: a link that was made before the first run promises nothing', async () => {
    const { promised } = await linkedIn(await hashOf('lab', draft, null, false))
    expect(promised).toBeNull()
  })

  it('behaviour: a link without engine and files, as once written, still opens', async () => {
    const old =
      '#lab?s=BcFBCoAwDATAvyx4q4LgqV8pPdlgiyGRNIoi_t2ZFyRuDyLI68gkpcmGAKfbEeVkDtCLzFqhjpgSetV1n4rpgYB5GZDz9wM&run=a066ef7200b3465e'
    expect(await linkedIn(old)).toEqual({
      screen: 'lab',
      draft,
      promised: { run: 'a066ef7200b3465e', engine: null, files: [] },
      isServed: false,
      view: null,
    })
  })

  it.each(['', '#', '#walls'])('boundary: %j has a screen or none, and no draft', async (hash) => {
    const { screen, draft } = await linkedIn(hash)
    expect([screen, draft]).toEqual([hash.slice(1), null])
  })

  it.each([
    ['cut', (hash: string) => hash.slice(0, 40)],
    ['of other signs', (hash: string) => hash.replace('s=', 's=!!')],
  ])('error: a link that is %s is broken', async (_, cut) => {
    const hash = await hashOf('lab', draft, null, false)
    await expect(linkedIn(cut(hash))).rejects.toThrow(BrokenLinkError)
  })

  it.each([{ entry: 5 }, { overrides: [['shock.drop', 5]] }, { text: {} }])(
    'error: a link that holds %j instead of a draft is broken',
    async (change) => {
      const hash = await hashOf('lab', { ...draft, ...change } as never, null, false)
      await expect(linkedIn(hash)).rejects.toThrow(BrokenLinkError)
    },
  )
})

describe('verdict on a link', () => {
  const data = [
    { name: 'own.yaml', sha256: 'aaaaaaaa11' },
    { name: 'made up', sha256: null },
    { name: 'positions.csv', sha256: 'bbbbbbbb22' },
  ]
  const ran = { runId: 'c'.repeat(64), engineVersion: '1.0.0', report: { data } } as unknown as Ran
  const seen = promiseOf(ran)

  it('default: the same run is the same', () => {
    expect(seen).toEqual({ run: 'c'.repeat(16), engine: '1.0.0', files: ['aaaaaaaa', 'bbbbbbbb'] })
    expect(verdictOn(seen, ran)).toEqual({ isSame: true })
  })

  it.each<[string, Partial<Promised>, string]>([
    ['the engine', { engine: '0.9.0' }, 'engine 0.9.0, this is 1.0.0'],
    ['a file', { files: ['aaaaaaaa', 'dddddddd'] }, 'positions.csv is another file'],
    ['something that it does not say', { engine: null, files: [] }, 'the engine or a file'],
    ['the link', {}, 'the link was changed'],
  ])('default: another run is explained by %s', (_, change, reason) => {
    const other = { ...seen, run: 'd'.repeat(16), ...change }
    expect(verdictOn(other, ran)).toMatchObject({ isSame: false })
    expect(verdictOn(other, ran)).toHaveProperty('reason', expect.stringContaining(reason))
  })
})
