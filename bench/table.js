/** A row as text for a reader. */

/** The parts of a row, one a line, in columns. */
export function table({ row, ok, parts }) {
  const cells = [
    ['', 'measured', 'reference', 'ratio', 'budget', ''],
    ...parts.map((part) => [
      part.name,
      `${figure(part.value)} ${part.unit}`,
      part.reference === null ? '' : figure(part.reference),
      part.ratio === null ? '' : `${figure(part.ratio)}x`,
      budgetOf(part),
      part.ok ? 'ok' : 'NOT OK',
    ]),
  ]
  const widths = cells[0].map((_, j) => Math.max(...cells.map((line) => line[j].length)))
  const pad = (text, j) => (j === 0 ? text.padEnd(widths[j]) : text.padStart(widths[j]))
  const lines = cells.map((line) => `  ${line.map(pad).join('  ')}`.trimEnd())
  return [`${row}: ${ok ? 'ok' : 'NOT OK'}`, ...lines, ''].join('\n')
}

function budgetOf({ name, unit, budget }) {
  if (budget === null) return ''
  return boundsRatio(name) ? `<= ${budget}x` : `<= ${budget} ${unit}`
}

function boundsRatio(name) {
  return name.includes(' against ')
}

function figure(value) {
  if (Number.isInteger(value)) return value.toLocaleString('en-US')
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3)
}
