import { expect, it } from 'vitest'
import { connect, withoutPassword } from './redis.ts'

it.each([
  ['redis://:secret@host:1', 'redis://:***@host:1'],
  ['redis://me:se@c/ret@host', 'redis://me:***@host'],
  ['redis://host?password=secret&family=4', 'redis://host?password=***&family=4'],
  ['redis://host:1/2', 'redis://host:1/2'],
])('vector: no password is shown of %s', (url, shown) => {
  expect(withoutPassword(url)).toBe(shown)
})

it.each(['redis://127.0.0.1:99999', 'redis://:a/b:c@host', 'host:1'])(
  'error: %s is no address',
  async (url) => {
    await expect(connect(url)).rejects.toThrow(/FB4302.*no address/)
  },
)
