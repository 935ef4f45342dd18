/** Pages of help on rules and defences: the docstring of a factory, and its keys in a scenario. */

import { readFileSync } from 'node:fs'
import type { DefenceFactory } from '../defence.ts'
import { spanText } from '../ingest/quantity.ts'
import { takesReserves } from '../ingest/reserveParametersSchema.ts'
import {
  type Field,
  type Fields,
  inKeys,
  insideOf,
  keyOf,
  type OwnColumn,
  type Shape,
} from '../parameters.ts'
import type { RulesFactory } from '../rules.ts'
import { defenceFactories, rulesFactories } from '../setup.ts'
import { labelled, left, wrap } from './layout.ts'
import { type Paint, width } from './paint.ts'

/** A factory, the folder of its file, and how a scenario names it and its keys. */
export interface Model {
  readonly name: string
  readonly room: 'rules' | 'defences'
  readonly factory: RulesFactory | DefenceFactory
  readonly keysOf: string
}

/** All that there are pages on: rules, then defences. */
export const models: readonly Model[] = [
  ...Object.entries(rulesFactories).map(
    ([name, factory]): Model => ({
      ...{ name, room: 'rules', factory, keysOf: `rules: { kind: ${name}, ... }` },
    }),
  ),
  ...Object.entries(defenceFactories).map(
    ([name, factory]): Model => ({
      ...{ name, room: 'defences', factory, keysOf: `defences: { ${name}: { ... } }` },
    }),
  ),
]

/** The model of this name, however its words are joined: aaveV3, aave-v3. */
export function modelNamed(topic: string): Model | undefined {
  const plain = topic.toLowerCase().replace(/[-_]/g, '')
  return models.find(({ name }) => name.toLowerCase() === plain)
}

/** What the docstring of a factory says, part by part; each part is one text. */
export interface RuleDoc {
  /** The first sentence of the file. */
  readonly title: string
  /** What stands before the table and the parts. */
  readonly opening: string
  /** Native words, and what they are here. */
  readonly words: readonly (readonly [native: string, here: string])[]
  /** Rule, Units, Source and so on, in their order. */
  readonly parts: readonly (readonly [label: string, text: string])[]
}

/** Source text of the file that holds the factory of a model. */
export function sourceOf({ name, room }: Pick<Model, 'name' | 'room'>): string {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return readFileSync(new URL(`../${room}/${name}.${ending}`, import.meta.url), 'utf8')
}

/** Reads the docstring above `export function NAME(`. */
export function ruleDoc(name: string, source: string): RuleDoc {
  const head = source.split(`export function ${name}(`)[0]
  const doc = head.slice(head.lastIndexOf('/**') + 3, head.lastIndexOf('*/'))
  const lines = linesOf(doc)
  const from = lines.findIndex((line) => /^(\||[A-Z]\w+: )/.test(line))
  const opening = from < 0 ? lines : lines.slice(0, from)
  const parts: [string, string][] = []
  for (const line of from < 0 ? [] : lines.slice(from).filter((line) => !line.startsWith('|'))) {
    const [, label, text] = /^([A-Z]\w+): +(.*)$/.exec(line) ?? []
    if (label !== undefined) parts.push([label, text])
    else if (parts.length > 0) parts[parts.length - 1][1] += ` ${line.trim()}`
  }
  return {
    title: linesOf(source.slice(source.indexOf('/**') + 3, source.indexOf('*/')))
      .join(' ')
      .trim(),
    opening: opening.join(' ').trim(),
    words: wordsOf(lines),
    parts: parts.map(([label, text]) => [label, text.trim()]),
  }
}

/** The page of a model, at most so many columns wide. */
export function rulePage(model: Model, columns: number, paint: Paint): string {
  const { name, factory } = model
  const source = inKeys(factory.parameters, sourceOf(model))
  const { title, opening, words, parts } = ruleDoc(name, source)
  const shown = SHOWN.flatMap((label) => parts.filter(([own]) => own === label))
  return `${[
    ...wrap(`${paint.strong(name)}  ${title}`, columns),
    ...(opening === '' ? [] : ['', ...indented(opening, 2, columns, paint)]),
    ...(words.length === 0 ? [] : ['', ...wordTable(words, columns, paint)]),
    ...shown.flatMap(([label, text]) => ['', ...partLines(label, text, columns, paint)]),
    '',
    ...keyLines(model, columns, paint),
  ].join('\n')}\n`
}

/** What a person who writes a scenario reads; Shape is for those who read the source. */
const SHOWN = ['Rule', 'Units', 'Source', 'Simplifies', 'Assumes', 'Throws']
const LABEL = 14

function linesOf(comment: string): string[] {
  return comment.split('\n').map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
}

function wordsOf(lines: readonly string[]): [string, string][] {
  const rows = lines.filter((line) => line.startsWith('|'))
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()))
  return cells.slice(2).map(([, native, ...here]) => [native, here.slice(0, -1).join('|')])
}

function partLines(label: string, text: string, columns: number, paint: Paint): string[] {
  const lines = wrap(inked(text, paint), columns - LABEL)
  return labelled(`  ${paint.strong(label.toLowerCase())}`, LABEL, lines)
}

function indented(text: string, by: number, columns: number, paint: Paint): string[] {
  return wrap(inked(text, paint), columns - by).map((line) => ' '.repeat(by) + line)
}

/** Words of a scenario in the colour of the first round; without colours they keep their ticks. */
function inked(text: string, paint: Paint): string {
  return paint.coloured ? text.replace(/`([^`\s]+)`/g, (_, word) => paint.first(word)) : text
}

function wordTable(words: RuleDoc['words'], columns: number, paint: Paint): string[] {
  const widest = Math.max(...words.map(([native]) => width(native)))
  const room = Math.min(widest, Math.floor(columns * 0.36))
  const rows = words.flatMap(([native, here]) =>
    beside(wrap(native, room), wrap(inked(here, paint), columns - room - 4), room),
  )
  return [`  ${paint.quiet(`${left('NATIVE WORD', room)}  HERE`)}`, ...rows]
}

/** Two texts side by side, the left one `room` wide. */
function beside(one: readonly string[], other: readonly string[], room: number): string[] {
  return Array.from({ length: Math.max(one.length, other.length) }, (_, i) =>
    `  ${left(one[i] ?? '', room)}  ${other[i] ?? ''}`.trimEnd(),
  )
}

/** One key of a scenario as a line. */
interface KeyRow {
  readonly key: string
  readonly unit: string
  readonly about: string
}

function keyLines({ factory, keysOf }: Model, columns: number, paint: Paint): string[] {
  const file = { key: 'parameters', unit: 'file', about: 'Fills assets that are not written out.' }
  const rows = [...keyRows(factory.parameters, 0), ...(takesReserves(factory) ? [file] : [])]
  const own = ('columns' in factory ? (factory.columns ?? []) : []).map(columnRow)
  return [
    `  ${paint.strong('keys')} under ${keysOf}`,
    ...tableOf(rows, columns, paint),
    ...(own.length === 0 ? [] : ['', `  ${paint.strong('columns')} of positions`]),
    ...tableOf(own, columns, paint),
  ]
}

function tableOf(rows: readonly KeyRow[], columns: number, paint: Paint): string[] {
  const keyRoom = Math.max(0, ...rows.map(({ key }) => width(key)))
  const unitRoom = Math.max(0, ...rows.map(({ unit }) => width(unit)))
  const room = columns - keyRoom - unitRoom - 8
  return rows.flatMap(({ key, unit, about }) => {
    const label = `${left(paint.first(key), keyRoom)}  ${left(paint.quiet(unit), unitRoom)}`
    return labelled(`    ${label}  `, columns - room, wrap(about, room))
  })
}

/** Rows of keys; those of `together` are needed as soon as the first of them is given. */
function keyRows(fields: Fields, depth: number, together: readonly string[] = []): KeyRow[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const leader = together.indexOf(name) > 0 ? together[0] : null
    return [
      {
        key: `${'  '.repeat(depth)}${keyOf(name, field.shape)}`,
        unit: unitOf(field.shape),
        about: [inKeys(fields, field.about), ...remarks(field, leader)].join(' '),
      },
      ...keyRows(insideOf(field.shape), depth + 1, togetherOf(field.shape)),
    ]
  })
}

function togetherOf(shape: Shape): readonly string[] {
  if (shape.type === 'groups') return togetherOf(shape.each)
  return shape.type === 'byAsset' ? shape.together : []
}

function unitOf(shape: Shape): string {
  if (shape.type === 'groups') return shape.each.type === 'byAsset' ? 'by group, asset' : 'by group'
  return UNITS[shape.type]
}

const UNITS = {
  ratio: '%',
  rate: '% a year',
  money: '$',
  number: 'number',
  seconds: 'time',
  flag: 'true, false',
  choice: 'word',
  asset: 'asset',
  fields: 'keys',
  byAsset: 'by asset',
  list: 'list',
} as const

/** Words to choose from, what counts where none is given, and whether the key needs blocks. */
function remarks(
  { shape, about, otherwise, isOptional, isOfTime }: Field<unknown>,
  leader: string | null,
): string[] {
  const usual = leader === null ? textOf(shape, otherwise) : null
  const isSaid = SAID.test(about)
  return [
    ...(shape.type === 'choice' ? [`One of ${shape.of.join(', ')}.`] : []),
    ...(leader === null ? [] : [`Needed with ${leader}.`]),
    ...(usual === null || isSaid ? [] : [`Else ${usual}.`]),
    ...(isOptional && !isSaid ? ['Optional.'] : []),
    ...(isOfTime ? ['Only in a run in time.'] : []),
  ]
}

/** The text of a key says itself what counts without it. */
const SAID = /left out|else:|needed/i

/** A value as a scenario has it; null for nothing, or for what has no short form. */
function textOf({ type }: Shape, value: unknown): string | null {
  if (typeof value === 'boolean' || typeof value === 'string') return String(value)
  if (typeof value !== 'number') return null
  if (type === 'ratio' || type === 'rate') return `${Number((value * 100).toFixed(9))}%`
  if (type === 'seconds') return spanText(value)
  return type === 'money' ? `$${value}` : String(value)
}

function columnRow({ name, about, otherwise }: OwnColumn): KeyRow {
  const rest = otherwise === undefined || SAID.test(about) ? '' : ` Else ${otherwise}.`
  return { key: name, unit: 'number', about: about + rest }
}
