/** The causal picture: accounts that sold, the book they met, the price, the accounts it woke. */

import { type CSSProperties, useMemo } from 'react'
import { money, percent, price, signedPercent } from '../../../src/format.ts'
import { Card } from '../../parts/card.tsx'
import { useWidth } from '../../parts/picture.tsx'
import { follow, type Loaded, seek, useReplay } from '../../state/replay.ts'
import {
  type CausalLayout,
  type CausalNode,
  type CausalScene,
  causalOf,
  layoutOf,
} from './causal.ts'
import { nextFrameOf } from './facts.ts'
import { frameName, shortAccount } from './words.ts'

/** Height of the taller stack. */
const HEIGHT = 204

export function Chain({ loaded }: { readonly loaded: Loaded }) {
  const { columns, facts } = loaded
  const followed = useReplay((state) => state.followed)
  const at = useReplay((state) => state.at)
  const scene = useMemo(
    () => causalOf(columns, facts, at, followed),
    [columns, facts, at, followed],
  )
  const [box, width] = useWidth()
  return (
    <Card
      title={scene?.title ?? 'Nothing has been sold yet'}
      tools={<Followed loaded={loaded} share={scene?.share ?? null} />}
    >
      <div ref={box} className="chain">
        {width === 0 || scene === null ? (
          <p className="note">Step on to see who sells first, and whom that wakes.</p>
        ) : (
          <Picture
            scene={scene}
            followed={followed}
            layout={layoutOf(scene, followed, width, HEIGHT)}
          />
        )}
      </div>
    </Card>
  )
}

/** Whom the user follows, and where it sells next. */
function Followed({
  loaded: { columns },
  share,
}: {
  readonly loaded: Loaded
  readonly share: number | null
}) {
  const followed = useReplay((state) => state.followed)
  const at = useReplay((state) => state.at)
  if (followed < 0) return <p className="note">click an account to follow it</p>
  const next = share === null ? nextFrameOf(columns, followed, at) : null
  return (
    <p className="chain-followed">
      following <code>{shortAccount(columns.accounts[followed])}</code>
      {share === null ? null : <> · {percent(share, 0)} of the push</>}
      {next === null || next === at ? null : (
        <button type="button" onClick={() => seek(next)}>
          {frameName(columns, next)}
        </button>
      )}
      <button type="button" aria-label="Stop following" onClick={() => follow(followed)}>
        ×
      </button>
    </p>
  )
}

interface Shown {
  readonly scene: CausalScene
  readonly followed: number
  readonly layout: CausalLayout
}

function Picture({ scene, followed, layout }: Shown) {
  const { width, height, columns, left, right, ribbons } = layout
  return (
    <>
      <Heads scene={scene} layout={layout} />
      <div className="chain-drawing" style={{ height }}>
        <svg width={width} height={height} aria-hidden="true">
          {ribbons.map(({ path, account }, i) => (
            <path
              key={String(i)}
              className={account >= 0 && account === followed ? 'is-followed' : undefined}
              d={path}
            />
          ))}
        </svg>
        {scene.pushed === null ? <Outside scene={scene} layout={layout} /> : null}
        {left.map((node) => (
          <Node
            key={`${node.account} ${node.name}`}
            side="pushed"
            node={node}
            followed={followed}
          />
        ))}
        {scene.pushed === null || columns[1].width === 0 ? null : <Book layout={layout} />}
        <Price scene={scene} layout={layout} />
        {right.map((node) => (
          <Node key={`${node.account} ${node.name}`} side="woken" node={node} followed={followed} />
        ))}
      </div>
    </>
  )
}

function Heads({ scene, layout }: Omit<Shown, 'followed'>) {
  const { columns, isNarrow } = layout
  const { pushed, woken, book, from, to } = scene
  const heads = [
    pushed === null ? null : { head: pushed.head, line: pushed.line, tone: '' },
    columns[1].width === 0 || pushed === null
      ? null
      : { head: 'met the book', line: book, tone: '' },
    isNarrow
      ? null
      : {
          head: book === '' ? 'the price meanwhile' : 'moved the price',
          line: `${price(from)} → ${price(to)}`,
          tone: 'tone-total',
        },
    { head: woken.head, line: woken.line, tone: 'tone-total' },
  ]
  return (
    <div className="chain-heads">
      {heads.map((head, i) =>
        head === null ? null : (
          <p
            key={head.head}
            style={
              { '--x': `${columns[i].x}px`, '--room': `${roomOf(layout, i)}px` } as CSSProperties
            }
          >
            {head.head}
            <strong className={head.tone}>{head.line}</strong>
          </p>
        ),
      )}
    </div>
  )
}

/** Width up to the next column that says something. */
function roomOf({ columns, isNarrow }: CausalLayout, i: number): number {
  const next = columns
    .slice(i + 1)
    .find(({ width }, j) => width > 0 && !(isNarrow && i + 1 + j === 2))
  return next === undefined ? columns[i].width : next.x - columns[i].x - 8
}

/** Width of a node that has room for the level as well. */
const LEVEL_ROOM = 190

/** A name by its end where it has no room. */
function fitting(name: string, width: number, usd: string, level: string): string {
  const taken =
    16 + 7.5 * usd.length + (level === '' || width < LEVEL_ROOM ? 0 : 7 * level.length + 8)
  const room = Math.floor((width - taken - 8) / 6.8)
  return name.length <= room ? name : `…${name.slice(-Math.max(4, room - 1))}`
}

function Node({
  node,
  side,
  followed,
}: {
  readonly node: CausalNode
  readonly side: string
  readonly followed: number
}) {
  const { account, name, usd, level, isRest, isOwn, x, y, width, height } = node
  const isFollowed = account >= 0 && account === followed
  const place = { left: x, top: y, width, height: height - 2 }
  const words = (
    <>
      {account < 0 ? <span>{name}</span> : <code>{fitting(name, width, money(usd), level)}</code>}
      {level === '' || width < LEVEL_ROOM ? null : <small>{level}</small>}
      <strong>{money(usd)}</strong>
    </>
  )
  const look = `chain-node is-${side}${isRest ? ' is-rest' : ''}${isOwn ? ' is-own' : ''}`
  if (account < 0) {
    return (
      <div className={look} style={place}>
        {words}
      </div>
    )
  }
  return (
    <button
      type="button"
      className={look}
      style={place}
      aria-pressed={isFollowed}
      onClick={() => follow(account)}
    >
      {words}
    </button>
  )
}

/** The outside move, where no sale came before. */
function Outside({ scene: { from, to }, layout }: Omit<Shown, 'followed'>) {
  const [{ x, width }] = layout.columns
  return (
    <div
      className="chain-node chain-outside is-pushed is-rest"
      style={{ left: x, top: 0, width, height: layout.pushHeight }}
    >
      <span>the outside move</span>
      <strong>{signedPercent(to / from - 1)}</strong>
    </div>
  )
}

function Book({
  layout: { columns, pushHeight, followedHeight },
}: {
  readonly layout: CausalLayout
}) {
  const { x, width } = columns[1]
  return (
    <div className="chain-book" style={{ left: x, top: 0, width, height: pushHeight }}>
      <div style={{ height: followedHeight }} />
    </div>
  )
}

function Price({ scene: { from, to }, layout }: Omit<Shown, 'followed'>) {
  const { x, width } = layout.columns[2]
  return (
    <div className="chain-price" style={{ left: x, top: 0, width, height: layout.pushHeight }}>
      <span>{price(from)}</span>
      {layout.pushHeight < 110 ? null : (
        <svg width="46" height="46" aria-hidden="true">
          <path className="chain-fall" d="M1 2h21v42h23" />
        </svg>
      )}
      <strong className="tone-total">{price(to)}</strong>
      <small className="tone-total">{signedPercent(to / from - 1, 2)}</small>
    </div>
  )
}
