/** The document as it will be read, in the theme of the page. */

import type { Block, FigureSet } from '../../../src/document/outline.ts'
import type { Table } from '../../../src/document/table.ts'
import { counted } from '../../../src/format.ts'
import { Grid } from '../../parts/grid.tsx'
import { useWidth, withoutStyle } from '../../parts/picture.tsx'
import { Sentence } from '../../parts/sentence.tsx'
import type { Piece } from '../../state/report.ts'
import { useTheme } from '../../state/theme.ts'

export function Preview({ pieces }: { readonly pieces: readonly Piece[] }) {
  const [box, width] = useWidth()
  return (
    <article ref={box} className="rep-page" aria-label="The document">
      {pieces.map(({ id, blocks }) => (
        <div key={id} id={`piece-${id}`} className="rep-piece">
          {blocks.map((block, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: blocks stay in their order
            <Shown key={i} block={block} isNarrow={width > 0 && width < 560} />
          ))}
        </div>
      ))}
    </article>
  )
}

function Shown({ block, isNarrow }: { readonly block: Block; readonly isNarrow: boolean }) {
  switch (block.kind) {
    case 'title':
      return (
        <>
          <h1>{block.text}</h1>
          <p className="note">{block.note}</p>
        </>
      )
    case 'sentence':
      return (
        <p className="rep-sentence">
          <Sentence segments={block.segments} />
        </p>
      )
    case 'numbers':
      return (
        <dl className="rep-numbers">
          {block.numbers.map(({ label, value, note, tone }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className={`rep-value tone-${tone}`}>{value}</dd>
              <dd className="note">{note}</dd>
            </div>
          ))}
        </dl>
      )
    case 'verdicts':
      return (
        <ul className="rep-verdicts">
          {block.verdicts.map(({ mark, text }) => (
            <li key={text}>
              <span className={tones[mark]}>{mark}</span> {text}
            </li>
          ))}
        </ul>
      )
    case 'section':
      return <h2>{block.text}</h2>
    case 'figure':
      return <FigureOf set={block.figure} isNarrow={isNarrow} />
    case 'table':
      return <TableOf table={block.table} rowsMax={block.rowsMax} />
    case 'list':
      return (
        <ul className="rep-list">
          {block.items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      )
    case 'code':
      return <pre>{block.text}</pre>
  }
}

const tones = { '✓': 'tone-absorb', '✗': 'tone-total', '!': 'tone-warning' } as const

function FigureOf({ set, isNarrow }: { readonly set: FigureSet; readonly isNarrow: boolean }) {
  const theme = useTheme(({ name }) => name)
  const figure = (isNarrow ? set.narrow : set.wide)[theme]
  return (
    <figure>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: our own SVG, its words escaped */}
      <div className="picture" dangerouslySetInnerHTML={{ __html: withoutStyle(figure.svg) }} />
      <figcaption>
        <details>
          <summary>In words</summary>
          <p className="note">{figure.description}</p>
        </details>
      </figcaption>
    </figure>
  )
}

function TableOf({ table, rowsMax }: { readonly table: Table; readonly rowsMax: number }) {
  const { title, note, rows } = table
  return (
    <section className="rep-table">
      <h3>{title}</h3>
      <p className="note">{note}</p>
      {rows.length <= rowsMax ? (
        <Grid table={table} />
      ) : (
        <details>
          <summary>{counted(rows.length, 'row')}</summary>
          <Grid table={table} />
        </details>
      )}
    </section>
  )
}
