/** The map as a table. */

import { type Cell, cell as cellOf } from '../../state/phase.ts'
import { axisWords, type Subject } from './facts.ts'
import { valueWords } from './shade.ts'

export function CellTable({
  subject: { map, x, y, shown, you },
  choose,
}: {
  readonly subject: Subject
  readonly choose: (cell: Cell) => void
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <section className="scroll cells-scroll" tabIndex={0} aria-label={`${shown.name} by cell`}>
      <table className="table cells">
        <caption>
          {shown.name}: rows {y.name}, columns {x.name}
        </caption>
        <thead>
          <tr>
            <td />
            {map.x.numbers.map((number) => (
              <th key={number} scope="col">
                {axisWords(x, number)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {map.y.numbers.map((number, row) => (
            <tr key={number}>
              <th scope="row">{axisWords(y, number)}</th>
              {map.x.numbers.map((at, column) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the map has the keys
                <td
                  key={at}
                  className={you?.row === row && you.column === column ? 'is-you' : ''}
                  onClick={() => choose({ row, column })}
                >
                  {valueWords(shown, map.values[shown.measure][cellOf(map, { row, column })])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
