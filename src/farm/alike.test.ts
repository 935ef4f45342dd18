import { expect, it } from 'vitest'
import { diskSource } from '../ingest/files.ts'
import { readScenario } from '../ingest/read.ts'
import { alike } from './alike.ts'
import { sharingBooks } from './books.ts'

const read = async (keys: [string, string][] = []) =>
  (await readScenario('eth-lending', diskSource('.'), keys)).scenario

it('law: what is equal is held once, and nothing changes', async () => {
  const share = sharingBooks()
  const first = share(await read())
  const text = JSON.stringify(first)
  const other = share(await read([['shock.drop', '31%']]))
  const kept = alike(other, first)
  expect(kept).toEqual(other)
  expect(JSON.stringify(kept)).toBe(JSON.stringify(other))
  expect(JSON.stringify(first)).toBe(text)
  expect(kept.shock).not.toBe(first.shock)
  const same = Object.keys(kept).filter((key) => key !== 'shock') as (keyof typeof kept)[]
  for (const key of same) expect(kept[key], key).toBe(first[key])
  expect(alike(share(await read()), first)).toBe(first)
})

it('trap: what only looks alike stays apart', () => {
  const like = { a: [1, 2], b: { c: Number.NaN, d: 0 }, e: null, f: 'x' }
  for (const one of [
    { a: [1, 2, 3], b: { c: Number.NaN, d: -0 }, e: {}, f: 'x' },
    { a: { 0: 1, 1: 2 }, b: null, e: [], f: 'y' },
    { b: { d: 0, c: Number.NaN }, a: [1, 2], f: 'x', e: null },
  ]) {
    const kept = alike<unknown>(one, like)
    expect(kept).toEqual(one)
    expect(kept).not.toBe(like)
    expect(JSON.stringify(kept)).toBe(JSON.stringify(one))
  }
  expect((alike({ ...like, f: 'y' }, like) as typeof like).b).toBe(like.b)
})

it('behaviour: a book with columns is one thing', () => {
  const book = { names: ['a'], column: new Float64Array(2) }
  expect(alike({ book }, { book: { ...book, column: new Float64Array(2) } }).book).toBe(book)
})
