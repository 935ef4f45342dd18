import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { count, percent } from '../format.ts'
import type { TimedReport } from '../timedReport.ts'
import { metric } from './defences.suite.ts'
import { bothWays, type Scene, type Scenes, scenes } from './scenes.suite.ts'

const usd = (value: number) => `${value < -0.5 ? '-' : ''}$${count(Math.abs(value))}`
const share = (value: number) => percent(value, 1, 'plain')

type Row = readonly [string, (report: TimedReport) => number, (value: number) => string]
const of = (name: string) => (report: TimedReport) => metric(report, name)
const rows: readonly Row[] = [
  ['forced sales', of('forced_sale_usd'), usd],
  ['bad debt', of('bad_debt_usd'), usd],
  ['debt above collateral', of('shortfall_usd'), usd],
  ["borrowers' loss", of('borrower_loss_usd'), usd],
  ['deepest fall', of('lowest_drop'), share],
  ['borrowing power', of('borrowing_power'), share],
]

/** Only of the defences that have to do with it. */
const further: readonly Row[] = [
  ['kept by the protocol', of('kept_by_protocols_usd'), usd],
  ['gain of its own', ownGain, usd],
  ['paid by funds', of('paid_by_funds_usd'), usd],
  ['second bank lacks', lackOfSecond, usd],
]

/** Of its ladder, or of takers that came with it. */
function ownGain({ protocols, liquidators }: TimedReport): number {
  const readings = protocols[0].defences.flatMap((defence) => defence.readings)
  const own = readings.find(({ name }) => name === 'profit_usd')
  return own?.value ?? liquidators.slice(1).reduce((sum, { profit_usd }) => sum + profit_usd, 0)
}

/** What lenders of the second bank lost and no fund paid. */
function lackOfSecond({ protocols, funds }: TimedReport): number {
  const [, bank] = protocols
  if (bank === undefined) return 0
  const own = funds.filter(({ protocol }) => protocol === bank.name)
  return own.reduce((lost, { drawn_usd }) => lost - drawn_usd, bank.bad_debt_usd)
}

type Ways = ReturnType<typeof bothWays>

function told(all: Scenes): string[] {
  const { kind, ...parameters } = all.spec
  const labels = ['helps', 'hurts'] as const
  const ways = labels.map((label) => bothWays(all, all[label]))
  const shown = further.filter(([, read]) =>
    ways.flat().some((report) => Math.abs(read(report)) > 0.5),
  )
  const heads = [all.instead?.kind ?? 'without', 'with']
  return [
    `${kind} ${JSON.stringify(parameters)}`,
    ...labels.flatMap((label, n) => toldOf(label, all[label], ways[n], [...rows, ...shown], heads)),
  ]
}

function toldOf(
  label: string,
  scene: Scene,
  [with_, without]: Ways,
  all: readonly Row[],
  heads: readonly string[],
): string[] {
  const line = (name: string, ...cells: string[]) =>
    `  ${name.padEnd(24)}${cells.map((cell) => cell.padStart(12)).join('')}`
  return [
    '',
    `${label}: ${scene.name}.`,
    line('', ...heads),
    ...all.map(([name, read, text]) => line(name, text(read(without)), text(read(with_)))),
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
    const text = told(all).join('\n')
    const file = `../../test/golden/what the defence ${name} helps and hurts.txt`
    const figures = toldInDocs(name)
    expect(figures.length).toBeGreaterThan(0)
    for (const figure of figures) expect(text).toContain(figure)
    await expect(`${text}\n`).toMatchFileSnapshot(file)
  })
})
