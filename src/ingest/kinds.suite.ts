/** The examples of all kinds of rules, to change one thing at a time. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { memorySource } from './memory.suite.ts'
import { type ReadScenario, readScenario } from './read.ts'

const folder = join(import.meta.dirname, '../../examples/rules')
const textOf = (name: string) => readFileSync(join(folder, `${name}.yaml`), 'utf8')

/** An example with one part of its text replaced, and the line of a text in it. */
export function changed(kind: string, from: string | RegExp, to: string, files = {}) {
  const before = textOf(kind)
  const text = before.replace(from, to)
  if (text === before) throw new Error(`${kind} has no ${from}`)
  const name = `${kind}.yaml`
  const source = memorySource({ '_day.yaml': textOf('_day'), [name]: text, ...files })
  return {
    reading: readScenario(name, source),
    line: (part: string) => text.slice(0, text.indexOf(part)).split('\n').length,
  }
}

/** An example whose first book is recorded: rows of positions.csv. */
export function recorded(kind: string, rows: string, keys = ''): Promise<ReadScenario> {
  const book = `file: positions.csv\n${keys}`
  return changed(kind, /synthetic:\n.*\n.*\n/, book, { 'positions.csv': rows }).reading
}
