import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { allPages } from './cli/pages.ts'

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
const sources = files.filter(
  (name) => name.endsWith('.ts') && !/(test|suite|codes)\.ts$/.test(name),
)
const used = new Set(
  sources.flatMap((name) => {
    const text = readFileSync(`${import.meta.dirname}/${name}`, 'utf8')
    return [...text.matchAll(/'(FB\d{4})'/g)].map(([, code]) => code)
  }),
)

describe('codes', () => {
  it('law: every code in the source has a page', () => {
    expect([...used].filter((code) => !Object.hasOwn(allPages, code))).toEqual([])
  })

  it('law: every page belongs to a code in the source', () => {
    expect(Object.keys(allPages).filter((code) => !used.has(code))).toEqual([])
  })
})
