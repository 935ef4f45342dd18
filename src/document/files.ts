/** The files of a run and of a report, as text. */

import { cobweb } from '../figures/cobweb.ts'
import { contagion } from '../figures/contagion.ts'
import { healthHistogram } from '../figures/healthHistogram.ts'
import { levels } from '../figures/levels.ts'
import { response } from '../figures/response.ts'
import { slippage } from '../figures/slippage.ts'
import type { Report } from '../report.ts'
import { html } from './html.ts'
import { markdown } from './markdown.ts'
import { type Block, type FigureSet, outline } from './outline.ts'
import { csv, type Table } from './table.ts'
import { curveTable, roundsTable, tablesOf } from './tables.ts'

/** A file to write; `name` may contain folders. */
export interface OutFile {
  readonly name: string
  readonly text: string
}

/** Formats that `report` knows. */
export const formats = ['html', 'md', 'svg', 'csv', 'json'] as const
export type Format = (typeof formats)[number]

/** What `run --out` keeps: the result, the scenario as resolved, its tables and its pictures. */
export function runFiles(report: Report, resolved: unknown, command: string): OutFile[] {
  return [
    { name: 'result.json', text: `${JSON.stringify(report)}\n` },
    { name: 'scenario.json', text: `${JSON.stringify(resolved, null, 2)}\n` },
    { name: 'rounds.csv', text: csv(roundsTable(report)) },
    { name: 'curve.csv', text: csv(curveTable(report)) },
    ...pictures(figuresOf(report, command)),
  ]
}

/** The files of a report in the formats asked for; each name once. */
export function reportFiles(report: Report, chosen: readonly Format[], command: string): OutFile[] {
  return filesOf(report, partsOf(report, command), chosen)
}

/** What a report is printed from. */
export function partsOf(report: Report, command: string): Parts {
  const figures = figuresOf(report, command)
  const blocks = outline(report, figures, command)
  return { pictures: pictures(figures), blocks, tables: tablesOf(report) }
}

/** What a report of either kind is printed from. */
export interface Parts {
  readonly pictures: readonly OutFile[]
  readonly blocks: readonly Block[]
  readonly tables: readonly Table[]
}

/** The files of these parts in the formats asked for; each name once. */
export function filesOf(
  report: { readonly scenario: string },
  { pictures, blocks, tables: all }: Parts,
  chosen: readonly Format[],
): OutFile[] {
  const tables = all.map((table) => ({ name: `${table.name}.csv`, text: csv(table) }))
  const makers: Readonly<Record<Format, () => OutFile[]>> = {
    html: () => [{ name: 'report.html', text: html(blocks, `${report.scenario}: Firebreak`) }],
    md: () => [{ name: 'report.md', text: markdown(blocks) }, ...pictures, ...tables],
    svg: () => [...pictures],
    csv: () => tables,
    json: () => [{ name: 'result.json', text: `${JSON.stringify(report)}\n` }],
  }
  const files = chosen.flatMap((format) => makers[format]())
  return [...new Map(files.map((file) => [file.name, file])).values()]
}

const widths = { wide: 720, narrow: 360 }

function figuresOf(report: Report, command: string): FigureSet[] {
  const draw = {
    ...{ cobweb, response, levels, slippage, health: healthHistogram },
    ...(report.contagion === null ? {} : { contagion }),
  }
  return Object.entries(draw).map(([name, figure]) => {
    const both = (width: number) => ({
      light: figure(report, { width, theme: 'light', command }),
      dark: figure(report, { width, theme: 'dark', command }),
    })
    return { name, wide: both(widths.wide), narrow: both(widths.narrow) }
  })
}

function pictures(figures: readonly FigureSet[]): OutFile[] {
  return figures.map(({ name, wide }) => ({ name: `${name}.svg`, text: wide.light.svg }))
}
