import { describe, expect, it } from 'vitest'
import type { Draft } from './protocol.ts'
import { readOf } from './run.ts'
import { amendedText, hintAt, remarkOf, textOfDraft } from './text.ts'

const draftOf = (entry: string, overrides: Draft['overrides'] = []): Draft => ({
  ...{ entry, text: null, overrides },
})

describe('text of a scenario', () => {
  it('default: that of an example, with its remarks', async () => {
    const text = await textOfDraft(draftOf('eth-lending'), [])
    expect(text).toContain('# Most borrow with room to spare')
    expect(remarkOf(text)).toMatch(/^A lending market on ETH\. .* round numbers\.$/)
  })

  it.each([
    ['eth-lending', [['shock.drop', '9%']]],
    [
      'eth-lending',
      [
        ['depth.haircut', '50%'],
        ['gain.drops.1', '3%'],
        ['order', 'batch'],
      ],
    ],
    ['eth-lending', [['protocols.market.rules.assets.ETH.threshold', '80%']]],
    ['eth-lending', [['market.venues.book.bands', '[[1%, $5M], [10%, $60M]]']]],
    ['eth-lending', [['seed', 'null']]],
    [
      'two-protocols',
      [
        ['protocols.exchange.rules.fund', '$1M'],
        ['routes', '{ ETH: [book] }'],
      ],
    ],
    [
      'slow-oracle',
      [
        ['shock', '{ asset: ETH, drop: 20% }'],
        ['blocks', '50'],
      ],
    ],
    [
      'rules/lending',
      [
        ['protocols.market.rules.target', 'null'],
        ['blocks', '40'],
      ],
    ],
  ] as const)('law: %s says by itself what %j changed: the same run', async (entry, overrides) => {
    const draft = draftOf(entry, overrides)
    const { text, left } = await amendedText(draft, [])
    expect(left).toEqual([])
    const before = await readOf(draft, [])
    const after = await readOf({ entry: `${entry}.yaml`, text, overrides: [] }, [])
    expect(after.runId).toBe(before.runId)
  })

  it('law: remarks and lines that nothing changed stay as they are', async () => {
    const draft = draftOf('eth-lending', [['shock.drop', '9%']])
    const before = (await textOfDraft(draft, [])).split('\n')
    const after = (await amendedText(draft, [])).text.split('\n')
    const changed = before.filter((line) => !after.includes(line))
    expect(changed).toEqual(['shock: { asset: ETH, drop: 15% }'])
    expect(after).toContain('shock: { asset: ETH, drop: 9% }')
  })

  it('edge: an entry of a list that stands in what is extended stays an override', async () => {
    const draft = draftOf('rules/lending', [
      ['gain.drops.0', '3%'],
      ['blocks', '40'],
    ])
    const { text, left } = await amendedText(draft, [])
    expect(left).toEqual([['gain.drops.0', '3%']])
    expect(text).toContain('blocks: 40')
  })

  it('default: a hint says what the key at the cursor means', async () => {
    const text = await textOfDraft(draftOf('eth-lending'), [])
    const hint = (word: string) => hintAt({ text, offset: text.indexOf(word) + 1 })
    expect(await hint('haircut')).toEqual({
      path: 'depth.haircut',
      about: 'Fraction of all depth that vanishes when the shock starts.',
    })
    expect(await hint('protocolFee')).toMatchObject({
      path: 'protocols.market.rules.assets.ETH.protocolFee',
    })
    expect(await hint('medianHealth: 1.24')).toMatchObject({
      path: 'protocols.market.book.synthetic.1.medianHealth',
    })
    expect(await hint('# A lending')).toBeNull()
    expect(await hintAt({ text: 'a: [', offset: 1 })).toBeNull()
  })
})
