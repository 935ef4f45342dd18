/**
 * A report as a forum post: GitHub-flavoured Markdown without HTML, pictures as files beside it.
 */

import { counted } from '../format.ts'
import type { Block, FigureSet, Headline } from './outline.ts'
import { display, isNumeric, type Table } from './table.ts'

/** What a forum accepts in one post, in characters. */
export const postMax = 32_000

/**
 * Returns the text.
 *
 * Rule: a table shows at most the rows that its block allows and says how many are in its CSV;
 *       where the post would be too long, half of them, a quarter, none.
 *       Pictures are `name.svg` in the same folder, with their description as alternative text.
 */
export function markdown(blocks: readonly Block[]): string {
  const text = (share: number) => `${blocks.map((block) => print(block, share)).join('\n\n')}\n`
  return [1, 0.5, 0.25].map(text).find((post) => post.length < postMax) ?? text(0)
}

function print(block: Block, share: number): string {
  switch (block.kind) {
    case 'title':
      return `# ${plain(block.text)}\n\n${plain(block.note)}`
    case 'sentence':
      return `**${plain(block.segments.map(({ text }) => text).join(''))}**`
    case 'numbers':
      return numbers(block.numbers)
    case 'verdicts':
      return block.verdicts.map(({ mark, text }) => `- ${mark} ${plain(text)}`).join('\n')
    case 'section':
      return `## ${plain(block.text)}`
    case 'figure':
      return figure(block.figure)
    case 'table':
      return table(block.table, Math.floor(block.rowsMax * share))
    case 'list':
      return block.items.map((item) => `- ${plain(item)}`).join('\n')
    case 'code':
      return `\`\`\`text\n${block.text}\n\`\`\``
  }
}

function numbers(all: readonly Headline[]): string {
  return grid(
    all.map(({ label }) => label),
    all.map(() => false),
    [all.map(({ value }) => value), all.map(({ note }) => note)],
  )
}

function figure({ name, wide }: FigureSet): string {
  return `![${plain(wide.light.description)}](${name}.svg)`
}

function table(data: Table, rowsMax: number): string {
  const { title, note, name, columns, rows } = data
  const left = rows.length - Math.min(rows.length, rowsMax)
  const head = `### ${plain(title)}\n\n${plain(note)}`
  if (rowsMax === 0) return `${head} ${counted(rows.length, 'row')} in \`${name}.csv\`.`
  const body = grid(
    columns.map((column) => column.title),
    columns.map(({ unit }) => isNumeric(unit)),
    rows.slice(0, rowsMax).map((row) => row.map((value, i) => display(value, columns[i].unit))),
  )
  return `${head}\n\n${body}${left > 0 ? `\n\n${counted(left, 'more row')} in \`${name}.csv\`.` : ''}`
}

function grid(
  heads: readonly string[],
  numeric: readonly boolean[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(heads.map(plain)),
    line(numeric.map((right) => (right ? '--:' : '---'))),
    ...rows.map((row) => line(row.map(plain))),
  ].join('\n')
}

/** Text whose characters Markdown would otherwise read as its own. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>|~]/g, '\\$&').replace(/\r?\n/g, ' ')
}
