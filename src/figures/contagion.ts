/** Who pulled whom: forced sales of each protocol by what brought them about, as a matrix. */

import { money } from '../format.ts'
import type { ContagionTable, Report } from '../report.ts'
import { cutTo, draw, line, write } from './canvas.ts'
import {
  closeSheet,
  type Figure,
  type FigureOptions,
  openSheet,
  type Sheet,
  table,
  writeHeading,
} from './sheet.ts'

const rise = 34
/** The darkest cell; words on it stay readable. */
const strongest = 0.5

/**
 * Draws dollars of forced sale: rows sold, columns brought it about; darker is more.
 *
 * Rule:  a row adds up to what the protocol sold. Where there is no table (one protocol alone) the
 *        sheet says so.
 * Units: USD of debt repaid, at opening prices.
 */
export function contagion(report: Report, options: FigureOptions): Figure {
  const sheet = openSheet('contagion', report, options)
  const of = report.contagion
  const title = titleOf(of)
  const subtitle = 'rows: who had to sell; columns: what brought it about'
  writeHeading(sheet, [{ text: title, tone: 'plain' }], subtitle)
  if (of !== null) drawMatrix(sheet, of)
  return closeSheet(sheet, { title, description: describe(of, title), csv: csvOf(report, of) })
}

function titleOf(of: ContagionTable | null): string {
  if (of === null) return 'One protocol: nobody else to pull or to be pulled'
  let [most, sold, by] = [0, 0, 0]
  of.caused_usd.forEach((row, i) => {
    row.forEach((usd, j) => {
      if (i !== j && usd > most) [most, sold, by] = [usd, i, j]
    })
  })
  if (most === 0) return 'No protocol pulled another'
  const whole = money(of.total_usd[sold])
  return `Sales of ${of.protocols[by]} brought about ${money(most)} of ${whole} sold by ${of.protocols[sold]}`
}

function drawMatrix(sheet: Sheet, of: ContagionTable): void {
  const { canvas, theme, left, right, narrow } = sheet
  const style = { size: narrow ? 11 : 12 }
  const columns = [
    { name: narrow ? 'outside' : 'outside move', cells: of.first_usd },
    ...of.protocols.map((name, j) => ({ name, cells: of.caused_usd.map((row) => row[j]) })),
    { name: 'total', cells: of.total_usd },
  ]
  const most = Math.max(1, ...of.first_usd, ...of.caused_usd.flat())
  const nameRoom = narrow ? 70 : 120
  const width = (right - left - nameRoom) / columns.length
  const fitted = (text: string, room: number) => cutTo(text, theme.ink2, style, room)
  sheet.y += 18
  columns.forEach(({ name }, c) => {
    const x = left + nameRoom + (c + 1) * width - 6
    write(canvas, fitted(name, width - 10), { x, y: sheet.y }, 'end')
  })
  sheet.y += 8
  of.protocols.forEach((name, i) => {
    const middle = sheet.y + rise / 2
    write(canvas, fitted(name, nameRoom - 8), { x: left, y: middle + 4 })
    columns.forEach(({ cells }, c) => {
      const at = { x: left + nameRoom + c * width, y: sheet.y + 1 }
      const isTotal = c === columns.length - 1
      const tint = isTotal ? 0 : (strongest * Math.max(0, cells[i])) / most
      const fill = c === 0 ? theme.first : theme.total
      const box = { ...at, width: width - 2, height: rise - 2 }
      draw(canvas, 'rect', { ...box, rx: 2, fill, 'fill-opacity': Number(tint.toFixed(3)) })
      const text = line(money(cells[i]), theme.ink1, { ...style, bold: isTotal })
      write(canvas, text, { x: at.x + width - 6, y: middle + 4 }, 'end')
    })
    sheet.y += rise
  })
}

function describe(of: ContagionTable | null, title: string): string {
  if (of === null) return `${title}.`
  const rows = of.protocols.map((name, i) => {
    const causes = of.protocols.map((by, j) => `${money(of.caused_usd[i][j])} by ${by}`)
    return `${name} sold ${money(of.total_usd[i])}: ${money(of.first_usd[i])} by the outside move, ${causes.join(', ')}`
  })
  return `${title}; ${rows.join('; ')}.`
}

function csvOf(report: Report, of: ContagionTable | null): string {
  const { protocols = [], first_usd = [], caused_usd = [], total_usd = [] } = of ?? {}
  return table(
    report,
    ['protocol', 'outside_usd', ...protocols.map((name) => `by_${name}_usd`), 'total_usd'],
    protocols.map((name, i) => [name, first_usd[i], ...caused_usd[i], total_usd[i]]),
  )
}
