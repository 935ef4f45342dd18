/** `firebreak help`: what metrics and codes mean, how models work, how a command is used. */

import type { CodePage } from '../codes.ts'
import { type Definition, definitionOf, definitions } from '../definitions.ts'
import { InputError } from '../errors.ts'
import { didYouMean } from '../ingest/suggest.ts'
import { coloursOf, columnsOf, type Host } from './host.ts'
import { flow, left, wrap } from './layout.ts'
import { type Act, commands } from './main.ts'
import { allPages } from './pages.ts'
import { type Paint, paintFor } from './paint.ts'
import { type Model, modelNamed, models, rulePage } from './rulePages.ts'

/** Prints one topic, or the list of topics when there is none. */
export const help: Act = async ([topic], flags, host) => {
  const paint = paintFor(coloursOf(host.stdout, host.env, flags.color === false))
  host.stdout.write(topic === undefined ? overview(host, paint) : page(topic, host, paint))
  return 0
}

function page(topic: string, host: Host, paint: Paint): string {
  const metric = topic.toLowerCase().replaceAll('-', '_')
  const definition = definitionOf(metric)
  if (definition !== undefined) return metricPage(metric, definition, paint)
  const code = topic.toUpperCase()
  if (Object.hasOwn(allPages, code)) return codePage(code, allPages[code], paint)
  const model = modelNamed(topic)
  if (model !== undefined) return rulePage(model, columnsOf(host.stdout), paint)
  const program = commands(host, () => {})
  const command = program.commands.find((one) => one.name() === topic)
  if (command !== undefined) return command.helpInformation()
  const names = program.commands.map((one) => one.name())
  const isCode = /^FB\d/.test(code)
  const words = [...names, ...Object.keys(definitions), ...models.map(({ name }) => name)]
  const topics = isCode ? Object.keys(allPages) : words
  throw new UnknownTopicError(topic, topics)
}

function metricPage(name: string, definition: Definition, paint: Paint): string {
  const { unit, sentence, formula, source, trap } = definition
  return sheet(`${paint.strong(name)}  ${paint.quiet(`unit: ${unit}`)}`, [
    ['means', sentence],
    ['formula', formula],
    ['source', source],
    ['trap', trap],
  ])
}

function codePage(code: string, { means, remedy }: CodePage, paint: Paint): string {
  return sheet(paint.strong(code), [
    ['means', means],
    ['remedy', remedy],
  ])
}

function sheet(title: string, rows: readonly (readonly [string, string])[]): string {
  const lines = rows.flatMap(([label, text]) =>
    wrap(text, 86).map((line, i) => `  ${left(i === 0 ? label : '', 10)}${line}`),
  )
  return `${[title, ...lines].join('\n')}\n`
}

function overview(host: Host, paint: Paint): string {
  const list = (names: readonly string[]) => flow(names, 94, '  ').map((line) => `  ${line}`)
  const namesIn = (room: Model['room']) =>
    models.filter((one) => one.room === room).map(({ name }) => name)
  return `${[
    `${host.program} help <metric | rules | defence | code | command>`,
    '',
    paint.strong('metrics'),
    ...list(Object.keys(definitions)),
    '',
    paint.strong('rules'),
    ...list(namesIn('rules')),
    '',
    paint.strong('defences'),
    ...list(namesIn('defences')),
    '',
    paint.strong('codes'),
    ...list(Object.keys(allPages).sort()),
    '',
    paint.strong('commands'),
    ...list(commands(host, () => {}).commands.map((command) => command.name())),
  ].join('\n')}\n`
}

/** A topic that nothing is known about. */
export class UnknownTopicError extends InputError {
  constructor(topic: string, topics: readonly string[]) {
    super({
      code: 'FB2009',
      rule: 'help knows metrics, rules, defences, codes and commands',
      came: topic,
      remedy: didYouMean(topic, topics),
    })
  }
}
