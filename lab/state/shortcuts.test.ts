import { describe, expect, it } from 'vitest'
import { addShortcut, nameOf, shortcutFor, shownKey, useShortcuts } from './shortcuts.ts'

const pressed = (
  key: string,
  held: Partial<Record<`${'ctrl' | 'meta' | 'alt' | 'shift'}Key`, boolean>> = {},
) => nameOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })

const shortcut = (name: string, ...keys: string[]) => ({ keys, name, group: 'here', act: () => {} })

describe('shortcuts', () => {
  it.each([
    ['?', { shiftKey: true }, '?'],
    ['k', { ctrlKey: true }, 'ctrl+k'],
    ['k', { metaKey: true }, 'ctrl+k'],
    ['ArrowLeft', { shiftKey: true }, 'shift+ArrowLeft'],
    ['x', { altKey: true }, 'alt+x'],
    ['[', {}, '['],
  ])('default: %s with %j is %s', (key, held, name) => {
    expect(pressed(key, held)).toBe(name)
  })

  it('behaviour: of two for one key the later wins, and its end brings the first back', () => {
    const endFirst = addShortcut(shortcut('of the shell', 'x', 'y'))
    const endSecond = addShortcut(shortcut('of a screen', 'x'))
    const nameFor = (key: string) => shortcutFor(useShortcuts.getState().all, key)?.name ?? null
    expect([nameFor('x'), nameFor('y'), nameFor('q')]).toEqual([
      'of a screen',
      'of the shell',
      null,
    ])
    endSecond()
    expect(nameFor('x')).toBe('of the shell')
    endFirst()
    expect(nameFor('x')).toBeNull()
  })

  it.each([
    [' ', 'space'],
    ['ctrl+k', 'Ctrl + k'],
    ['shift+ArrowLeft', 'shift + ←'.replace('shift', 'Shift')],
    ['-', '−'],
    ['+', '+'],
  ])('default: %j is printed as %j', (key, shown) => {
    expect(shownKey(key)).toBe(shown)
  })
})
