/** `firebreak help`: what a metric means, what a code says, how a command is used. */

import { type CodePage, codePages } from '../codes.ts'
import { type Definition, definitionOf, definitions } from '../definitions.ts'
import { InputError } from '../errors.ts'
import { didYouMean } from '../ingest/suggest.ts'
import { coloursOf, type Host } from './host.ts'
import { flow, left, wrap } from './layout.ts'
import { type Act, commands } from './main.ts'
import { type Paint, paintFor } from './paint.ts'

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
  if (Object.hasOwn(codePages, code)) return codePage(code, codePages[code], paint)
  const program = commands(host, () => {})
  const command = program.commands.find((one) => one.name() === topic)
  if (command !== undefined) return command.helpInformation()
  const names = program.commands.map((one) => one.name())
  const isCode = /^FB\d/.test(code)
  const topics = isCode ? Object.keys(codePages) : [...names, ...Object.keys(definitions)]
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
  return `${[
    `${host.program} help <metric | code | command>`,
    '',
    paint.strong('metrics'),
    ...list(Object.keys(definitions)),
    '',
    paint.strong('codes'),
    ...list(Object.keys(codePages).sort()),
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
      rule: 'help knows metrics, codes and commands',
      came: topic,
      remedy: didYouMean(topic, topics),
    })
  }
}
