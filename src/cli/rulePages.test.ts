import { describe, expect, it } from 'vitest'
import { recorder } from './host.suite.ts'
import { main } from './main.ts'
import { paintFor, width } from './paint.ts'
import { type Model, modelNamed, models, ruleDoc, rulePage, sourceOf } from './rulePages.ts'

const names = models.map(({ name }) => name)

async function printed(topic: string, columns: number, env: Record<string, string> = {}) {
  const host = recorder({ env })
  expect(await main(['help', topic], { ...host, stdout: { ...host.stdout, columns } })).toBe(0)
  return host.out()
}

describe('ruleDoc', () => {
  const source = `/** A model: in short. */

import { x } from './x.ts'

/** Not this one. */
const other = 1

/**
 * Rules of a model,
 * in two lines.
 *
 * | native word | here        |
 * | ----------- | ----------- |
 * | a, b        | \`threshold\` |
 * | c           | d | e       |
 *
 * Rule:   one thing
 *         and another: a second.
 * Shape:  columns
 * Source: a file
 */
export function model(of: Spec): Rules {
`

  it('default: title, opening, words and parts', () => {
    expect(ruleDoc('model', source)).toEqual({
      title: 'A model: in short.',
      opening: 'Rules of a model, in two lines.',
      words: [
        ['a, b', '`threshold`'],
        ['c', 'd|e'],
      ],
      parts: [
        ['Rule', 'one thing and another: a second.'],
        ['Shape', 'columns'],
        ['Source', 'a file'],
      ],
    })
  })
})

describe.each(models.map((model) => [model.name, model] as const))('%s', (_, model: Model) => {
  it('law: says what it rules, where that is written, and what is simpler here', () => {
    const { title, opening, words, parts } = ruleDoc(model.name, sourceOf(model))
    expect(title).toMatch(/^\w.*[.]$/)
    expect(opening).toMatch(/^[A-Z].*[.]$/)
    expect(words.length).toBeGreaterThan(0)
    for (const row of words) expect(row.every((cell) => cell !== '')).toBe(true)
    const labels = parts.map(([label]) => label)
    expect(labels).toEqual(expect.arrayContaining(['Rule', 'Source', 'Simplifies']))
    expect(new Set(labels).size).toBe(labels.length)
    for (const [, text] of parts) expect(text).toMatch(/\S/)
  })

  it.each([80, 100])('law: its page fits %i columns, with colours or without', (columns) => {
    for (const colours of ['none', 'true'] as const) {
      const page = rulePage(model, columns, paintFor(colours))
      expect(Math.max(...page.split('\n').map(width))).toBeLessThanOrEqual(columns)
      expect(page).not.toMatch(/undefined|NaN|\[object|[^\n]\n{3,}/)
      expect(page).toContain(` under ${model.keysOf}`)
    }
  })
})

describe('rulePage', () => {
  const page = (name: string) =>
    rulePage(modelNamed(name)!, 100, paintFor('none')).replace(/\s+/g, ' ')

  it.each(names)('law: %s: no name of a factory where a file has a key', (name) => {
    expect(page(name)).not.toMatch(/\b(?!crvUsd\b)[a-z]\w*(Seconds|Usd|Units)\b/)
  })

  it('behaviour: what is needed as soon as another key is there says so', () => {
    expect(page('aaveV3')).toContain('as a fraction of it. Needed with threshold.')
    expect(page('comet')).toContain('that an absorb credits. Needed with threshold.')
    for (const name of names) expect(page(name)).not.toMatch(/credits. Else|keeps. Else 0%/)
  })

  it('behaviour: keys of which one is needed name the others', () => {
    expect(page('makerFlip').match(/Exactly one of lot and dunk is needed\./g)).toHaveLength(2)
    expect(page('makerClip')).toContain('Needed where abacus is linear, and only there.')
    expect(page('makerClip')).toContain('Needed unless abacus is linear.')
    expect(page('makerClip')).toContain('Needed where abacus is stairstep, and only there.')
  })
})

describe('firebreak help', () => {
  it('default: the page of a stop-out prints as it did', async () => {
    const page = await printed('stopOut', 80)
    await expect(page).toMatchFileSnapshot('../../test/golden/help on the rules of a stop-out.txt')
  })

  it.each([
    ...['breaker', 'dynamicThreshold', 'oracleGuard', 'priceBand', 'softLiquidation'],
    ...['speedLimit', 'targetHealth', 'dutchAuction', 'violationBonus', 'oracleAuction', 'fund'],
    ...['sharedBackstop', 'backstop', 'stabilityPool', 'protocolLiquidity'],
  ])('default: the page of the defence %s prints as it did', async (name) => {
    const file = `../../test/golden/help on the defence ${name}.txt`
    await expect(await printed(name, 80)).toMatchFileSnapshot(file)
  })

  it('behaviour: a name is found however its words are joined', async () => {
    const page = await printed('makerFlip', 100)
    for (const name of ['maker-flip', 'makerflip', 'MAKER_FLIP'])
      expect(await printed(name, 100)).toBe(page)
    expect(await printed('price-band', 100)).toBe(await printed('priceBand', 100))
  })

  it('behaviour: a wide terminal gets 100 columns, colours where it has them', async () => {
    expect(await printed('aaveV3', 120)).toBe(await printed('aaveV3', 100))
    expect(await printed('aaveV3', 100, { FORCE_COLOR: '3' })).toContain('\x1b[38;2;')
    expect(await printed('aaveV3', 100)).not.toContain('\x1b[')
  })

  it('behaviour: the list of topics has all rules and defences', async () => {
    const host = recorder()
    await main(['help'], host)
    for (const name of names) expect(host.out()).toMatch(new RegExp(`\\b${name}\\b`))
  })

  it('error: a name that is none', async () => {
    const host = recorder()
    expect(await main(['help', 'makerFlop'], host)).toBe(2)
    expect(host.err()).toMatch(/FB2009.*makerFlop[\s\S]*Did you mean makerFlip\?/)
  })
})
