/** Keys of the page: one list, which the help dialog and the palette read too. */

import { useEffect, useRef } from 'react'
import { create } from 'zustand'

/** One thing that a key does. */
export interface Shortcut {
  /** As `KeyboardEvent.key` says it; `ctrl+k` stands for either of ctrl and command. */
  readonly keys: readonly string[]
  /** What it does, as the help dialog says it. */
  readonly name: string
  /** Heading in the help dialog. */
  readonly group: string
  readonly act: (key: string) => void
}

/** Those in force; the ones of a screen come after the shell's and win over them. */
export const useShortcuts = create<{ readonly all: readonly Shortcut[] }>()(() => ({ all: [] }))

/** Adds a shortcut; returns what takes it away again. */
export function addShortcut(shortcut: Shortcut): () => void {
  useShortcuts.setState(({ all }) => ({ all: [...all, shortcut] }))
  return () => useShortcuts.setState(({ all }) => ({ all: all.filter((one) => one !== shortcut) }))
}

/** Puts a shortcut in force as long as the component is there; `act` may change with each draw. */
export function useShortcut(
  keys: string | readonly string[],
  name: string,
  group: string,
  act: (key: string) => void,
): void {
  const latest = useRef(act)
  latest.current = act
  const list = typeof keys === 'string' ? keys : keys.join(SPLIT)
  useEffect(
    () => addShortcut({ keys: list.split(SPLIT), name, group, act: (key) => latest.current(key) }),
    [list, name, group],
  )
}

const SPLIT = '\n'

/** Listens to the keys of a page; returns what ends it. */
export function listenToKeys(page: Window): () => void {
  const listen = (event: KeyboardEvent) => {
    const key = nameOf(event)
    if (event.defaultPrevented || (isTaken(event.target) && !key.startsWith('ctrl+'))) return
    if (page.document.querySelector('dialog[open]') !== null) return
    const found = shortcutFor(useShortcuts.getState().all, key)
    if (found === null) return
    event.preventDefault()
    found.act(key)
  }
  page.addEventListener('keydown', listen)
  return () => page.removeEventListener('keydown', listen)
}

/** The shortcut of a key: of two, the one that came last. */
export function shortcutFor(all: readonly Shortcut[], key: string): Shortcut | null {
  return all.findLast(({ keys }) => keys.includes(key)) ?? null
}

/** The name of a key with what is held with it. */
export function nameOf({
  key,
  ctrlKey,
  metaKey,
  altKey,
  shiftKey,
}: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  // Signs say themselves whether shift was held: `?`, `{`.
  const held = [
    ctrlKey || metaKey ? 'ctrl' : '',
    altKey ? 'alt' : '',
    shiftKey && key.length > 1 ? 'shift' : '',
  ]
  return [...held.filter((word) => word !== ''), key].join('+')
}

/** Whether keys belong to where the focus is: one types there, or moves a slider. */
function isTaken(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true
  if (target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement && !keyless.has(target.type)
}

const keyless = new Set(['checkbox', 'radio', 'button', 'range'])

/** A key as it is printed on a keyboard. */
export function shownKey(key: string): string {
  const words = key === '+' ? ['+'] : key.split('+')
  return words.map((word) => printed[word] ?? word).join(' + ')
}

const printed: Readonly<Record<string, string>> = {
  ' ': 'space',
  ctrl: 'Ctrl',
  shift: 'Shift',
  alt: 'Alt',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  '-': '−',
}
