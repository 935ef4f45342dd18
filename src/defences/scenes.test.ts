import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { count, percent } from '../format.ts'
import type { TimedReport } from '../timedReport.ts'
import { metric } from './defences.suite.ts'
import { bothWays, type Scene, type Scenes, scenes } from './scenes.suite.ts'

const usd = (value: number) => `$${count(value)}`
const share = (value: number) => percent(value, 1, 'plain')
const rows = [
  ['forced sales', 'forced_sale_usd', usd],
  ['bad debt', 'bad_debt_usd', usd],
  ['debt above collateral', 'shortfall_usd', usd],
  ["borrowers' loss", 'borrower_loss_usd', usd],
  ['deepest fall', 'lowest_drop', share],
  ['borrowing power', 'borrowing_power', share],
] as const

function told(label: string, scene: Scene, [with_, without]: readonly TimedReport[]): string[] {
  const line = (name: string, ...cells: string[]) =>
    `  ${name.padEnd(24)}${cells.map((cell) => cell.padStart(12)).join('')}`
  return [
    '',
    `${label}: ${scene.name}.`,
    line('', 'without', 'with'),
    ...rows.map(([name, of, text]) =>
      line(name, text(metric(without, of)), text(metric(with_, of))),
    ),
    `  ${scene.why}`,
  ]
}

/** Figures that the documentation tells of a defence. */
function toldInDocs(name: string): string[] {
  const text = readFileSync(new URL('../../docs/defences.md', import.meta.url), 'utf8')
  const row = text.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? ''
  return [...row.matchAll(/\$[\d,]*\d|\d+\.\d %/g)].map(([figure]) => figure.replace(' %', '%'))
}

describe.each(Object.entries<Scenes>(scenes))('%s', (name, all) => {
  it('default: both scenes are as they were, and as the documentation has them', async () => {
    const { kind, ...of } = all.spec
    const text = [
      `${kind} ${JSON.stringify(of)}`,
      ...told('helps', all.helps, bothWays(all, all.helps)),
      ...told('hurts', all.hurts, bothWays(all, all.hurts)),
    ].join('\n')
    const file = `../../test/golden/what the defence ${name} helps and hurts.txt`
    const figures = toldInDocs(name)
    expect(figures.length).toBeGreaterThan(0)
    for (const figure of figures) expect(text).toContain(figure)
    await expect(`${text}\n`).toMatchFileSnapshot(file)
  })
})
