import { describe, expect, it } from 'vitest'
import { recorder } from './host.suite.ts'
import { coloursOf, columnsOf, drawsUnicode } from './host.ts'

const screen = recorder({ terminal: true }).stdout
const pipe = recorder().stdout

describe('coloursOf', () => {
  it('default: a terminal gets what TERM and COLORTERM promise', () => {
    expect(coloursOf(screen, { TERM: 'xterm' }, false)).toBe('basic')
    expect(coloursOf(screen, { TERM: 'xterm-256color' }, false)).toBe('256')
    expect(coloursOf(screen, { TERM: 'xterm-256color', COLORTERM: 'truecolor' }, false)).toBe(
      'true',
    )
  })

  it.each([
    ['a pipe', pipe, {}, false],
    ['NO_COLOR', screen, { NO_COLOR: '1' }, false],
    ['NO_COLOR against FORCE_COLOR', screen, { NO_COLOR: '1', FORCE_COLOR: '3' }, false],
    ['CI', screen, { CI: 'true' }, false],
    ['a dumb terminal', screen, { TERM: 'dumb' }, false],
    ['--no-color', screen, { FORCE_COLOR: '3' }, true],
    ['FORCE_COLOR=0', screen, { FORCE_COLOR: '0' }, false],
  ] as const)('behaviour: %s has no colours', (_, stream, env, refused) => {
    expect(coloursOf(stream, { TERM: 'xterm-256color', ...env }, refused)).toBe('none')
  })

  it('behaviour: FORCE_COLOR colours a pipe, also in CI', () => {
    expect(coloursOf(pipe, { FORCE_COLOR: '3', CI: '1' }, false)).toBe('true')
    expect(coloursOf(pipe, { FORCE_COLOR: '', TERM: 'xterm' }, false)).toBe('basic')
  })

  it('behaviour: an empty NO_COLOR or CI is as good as none', () => {
    expect(coloursOf(screen, { NO_COLOR: '', CI: '', TERM: 'xterm' }, false)).toBe('basic')
  })
})

describe('the page', () => {
  it('behaviour: block characters are left out in an explicit C locale and on dumb terminals', () => {
    expect(drawsUnicode({})).toBe(true)
    expect(drawsUnicode({ LANG: 'en_US.UTF-8' })).toBe(true)
    expect(drawsUnicode({ LANG: 'en_US.UTF-8', LC_ALL: 'C' })).toBe(false)
    expect(drawsUnicode({ TERM: 'dumb' })).toBe(false)
  })

  it('behaviour: is never wider than 100 columns', () => {
    expect(columnsOf(screen)).toBe(100)
    expect(columnsOf(pipe)).toBe(100)
    expect(columnsOf({ ...screen, columns: 60 })).toBe(80)
  })
})
