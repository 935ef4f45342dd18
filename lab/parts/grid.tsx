/** A table of the engine on the page. */

import { display, isNumeric, type Table } from '../../src/document/table.ts'

/** Its columns and rows, every value as a person reads it. It scrolls where it is too large. */
export function Grid({ table: { title, columns, rows } }: { readonly table: Table }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so that keys must reach it
    <section className="scroll" tabIndex={0} aria-label={title}>
      <table className="table">
        <thead>
          <tr>
            {columns.map(({ key, title, unit }) => (
              <th key={key} scope="col" className={isNumeric(unit) ? 'figure' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows stay in their order
            <tr key={i}>
              {row.map((value, c) => (
                <td
                  key={columns[c].key}
                  className={isNumeric(columns[c].unit) ? 'figure' : undefined}
                >
                  {display(value, columns[c].unit)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
