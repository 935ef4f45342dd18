/** What the arms of a comparison change, in the words of a scenario and of a command line. */

import { quoted, retyped } from '../../src/document/retyped.ts'
import type { Override } from '../../src/ingest/compose.ts'
import type { CompareAsk } from '../engine/compareTypes.ts'
import type { Draft } from '../engine/protocol.ts'

export const sides = ['a', 'b', 'c', 'd'] as const
export type Side = (typeof sides)[number]

/** What a person chose for an arm. Values as typed. */
export type Choice =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'defence'
      readonly defence: string
      readonly values: Readonly<Record<string, string>>
    }
  /** Lines of `key=value`. */
  | { readonly kind: 'keys'; readonly text: string }
  /** A scenario as it stood in the Lab. */
  | { readonly kind: 'draft'; readonly draft: Draft }

export type Choices = Readonly<Partial<Record<Side, Choice>>>

/** The sides that have an arm, in their order. */
export function sidesOf(choices: Choices): Side[] {
  return sides.filter((side) => choices[side] !== undefined)
}

/** The choices of a link; null where they are none: then what is there stays. */
export function choicesIn(given: unknown): Choices | null {
  if (typeof given !== 'object' || given === null) return null
  const found = sides.flatMap((side) => {
    const choice = (given as Record<string, unknown>)[side]
    return isChoice(choice) ? [[side, choice] as const] : []
  })
  const isWhole = found.length >= 2 && found.every(([side], k) => side === sides[k])
  return isWhole ? Object.fromEntries(found) : null
}

function isChoice(given: unknown): given is Choice {
  const { kind, defence, values, text, draft } = (given ?? {}) as Record<string, unknown>
  const isText = (word: unknown) => typeof word === 'string'
  switch (kind) {
    case 'none':
      return true
    case 'defence':
      return isText(defence) && Object.values(values ?? {}).every(isText)
    case 'keys':
      return isText(text)
    case 'draft': {
      const { entry, overrides } = (draft ?? {}) as Partial<Draft>
      return isText(entry) && Array.isArray(overrides)
    }
    default:
      return false
  }
}

/** What stands against what: `none against speed-limit`. */
export function armsText(choices: Choices): string {
  const words = sidesOf(choices).map((side) => {
    const choice = choices[side]!
    return choice.kind === 'none'
      ? 'none'
      : choice.kind === 'defence'
        ? kebab(choice.defence)
        : 'keys of its own'
  })
  return words.join(' against ')
}

/**
 * What to run.
 *
 * Rule:   what all arms have in common belongs to the scenario; an arm sets the rest. An arm from
 *         the Lab brings everything that was changed there, so the others set what it lacks.
 * Throws: UnreadableArmError
 */
export function askOf(draft: Draft, choices: Choices, pairs: number): CompareAsk {
  const whole = sidesOf(choices).map((side) => wholeOf(draft, choices[side]!, side))
  const isCommon = ([key, value]: Override) =>
    whole.every((of) => of.some((one) => one[0] === key && one[1] === value))
  const names = sidesOf(choices).map((side, arm) =>
    nameOf(
      choices[side]!,
      whole[arm].filter((one) => !isCommon(one)),
    ),
  )
  return {
    draft: { ...draft, overrides: draft.overrides.filter(isCommon) },
    arms: whole.map((of, arm) => ({
      name: unlike(names, arm),
      set: of.filter((one) => !isCommon(one)),
    })),
    pairs,
  }
}

function wholeOf(draft: Draft, choice: Choice, side: Side): Override[] {
  switch (choice.kind) {
    case 'none':
      return [...draft.overrides]
    case 'defence':
      return merged(draft.overrides, [[`defences.${choice.defence}`, mapOf(choice.values)]])
    case 'keys':
      return merged(draft.overrides, keysIn(choice.text, side))
    case 'draft':
      if (choice.draft.entry !== draft.entry || choice.draft.text !== draft.text)
        throw new UnreadableArmError(side, 'was set from another scenario: set it again')
      return [...choice.draft.overrides]
  }
}

function merged(before: readonly Override[], after: readonly Override[]): Override[] {
  return [...before.filter(([key]) => !after.some((one) => one[0] === key)), ...after]
}

/** What a person typed for a defence, as a map of a scenario file. */
export function mapOf(values: Readonly<Record<string, string>>): string {
  const typed = Object.entries(values).filter(([, value]) => value.trim() !== '')
  if (typed.length === 0) return '{}'
  return `{ ${typed.map(([key, value]) => `${key}: ${value.trim()}`).join(', ')} }`
}

/** Keys that were typed, a line each. Throws: UnreadableArmError */
export function keysIn(text: string, side: Side): Override[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length === 0) throw new UnreadableArmError(side, 'changes no key yet')
  return lines.map((line): Override => {
    const at = line.indexOf('=')
    if (at < 1) throw new UnreadableArmError(side, `has no key=value in: ${line}`)
    return [line.slice(0, at).trim(), line.slice(at + 1).trim()]
  })
}

function nameOf(choice: Choice, set: readonly Override[]): string {
  if (choice.kind === 'none') return set.length === 0 ? 'none' : setText(set)
  if (choice.kind !== 'defence') return set.length === 0 ? 'none' : setText(set)
  const map = mapOf(choice.values)
  return map === '{}' ? kebab(choice.defence) : `${kebab(choice.defence)} ${map}`
}

function setText(set: readonly Override[]): string {
  return set.map(([key, value]) => `${key}=${value}`).join('; ')
}

/** A name that another arm has gets the letter of its side. */
function unlike(names: readonly string[], arm: number): string {
  const isAlone = names.every((name, other) => other === arm || name !== names[arm])
  return isAlone ? names[arm] : `${names[arm]} (${sides[arm].toUpperCase()})`
}

/** `speedLimit` as the command line writes it. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** `speedLimit` as a heading: `Speed limit`. */
export function heading(name: string): string {
  const words = kebab(name).replaceAll('-', ' ')
  return words[0].toUpperCase() + words.slice(1)
}

/** What makes the same comparison in a terminal. */
export function compareCommand({ draft, arms, pairs }: CompareAsk): string {
  const { entry, overrides } = draft
  const words = [`firebreak compare ${retyped({ entry, overrides, data: null })}`]
  const [first, ...others] = arms
  if (first.set.length > 0) words.push('--a', quoted(setText(first.set)))
  const plain = others.map(({ set }) => defenceIn(set))
  if (plain.every((name) => name !== null)) words.push('--defences', plain.join(','))
  else for (const { set } of others) words.push('--b', quoted(setText(set)))
  words.push('--pairs', String(pairs))
  return words.join(' ')
}

/** The defence that is all that is set, with its defaults. */
function defenceIn(set: readonly Override[]): string | null {
  if (set.length !== 1 || set[0][1] !== '{}' || !set[0][0].startsWith('defences.')) return null
  return kebab(set[0][0].slice('defences.'.length))
}

/** One pair of one arm alone. */
export function pairCommand(
  { draft, arms }: CompareAsk,
  added: readonly Override[],
  arm: number,
): string {
  const hasShock = added.some(([key]) => key === 'shock')
  const own = draft.overrides.filter(([key]) => !(hasShock && key === 'shock.drop'))
  const overrides = [...added, ...own, ...arms[arm].set]
  return `firebreak run ${retyped({ entry: draft.entry, overrides, data: null })}`
}

/** Keys in which the arms differ, and whether those are all defences. */
export function differing({ arms }: CompareAsk): string[] {
  const keys = new Set(arms.flatMap(({ set }) => set.map(([key]) => key)))
  return [...keys]
}

/** An arm that cannot be run as it stands. */
export class UnreadableArmError extends Error {
  constructor(side: Side, why: string) {
    super(`${side.toUpperCase()} ${why}`)
  }
}
