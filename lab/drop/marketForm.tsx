/** The rest of a scenario of files: rules, prices, terms, depth, and what falls. */

import { type FormEvent, useState } from 'react'
import type { FoundAsset } from '../../src/ingest/guess.ts'
import type { PlainRules } from '../../src/ingest/starter.ts'
import type { LookedAt } from '../engine/textProtocol.ts'
import { makeMarket } from '../state/files.ts'
import { Actions } from './actions.tsx'
import { assumedDepth, choiceOf, heaviest, priceOf, type Typed, termOf } from './market.ts'

export function MarketForm({
  book,
  depths,
}: {
  readonly book: LookedAt
  readonly depths: readonly LookedAt[]
}) {
  const { rules, collateral, found, shock, value, type } = useFields(book, depths)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void makeMarket(choiceOf(book, found, rules, shock, value))
  }
  return (
    <form className="drop-form" onSubmit={submit}>
      {collateral.length === 0 ? (
        <p role="alert">
          No row is collateral: choose the columns of the asset, the side and the amount.
        </p>
      ) : null}
      <Rules kinds={book.rules} rules={rules} value={value} type={type} />
      {book.assets.map((asset) => (
        <Asset
          key={asset.name}
          asset={asset}
          terms={asset.collateral > 0 ? rules.terms.map(({ key }) => key) : []}
          depth={found.get(asset.name) ?? null}
          value={value}
          type={type}
        />
      ))}
      <fieldset>
        <legend>What falls</legend>
        <div className="fields">
          <Choice
            label="Asset"
            value={shock}
            words={collateral.map(({ name }) => name)}
            choose={(name) => type('shock', name)}
          />
          {depths.map(({ name }) => (
            <Choice
              key={name}
              label={`${name} is depth of`}
              value={[...found].find(([, depth]) => depth.name === name)?.[0] ?? ''}
              words={collateral.map((asset) => asset.name)}
              choose={(asset) => type(`of ${name}`, asset)}
            />
          ))}
        </div>
      </fieldset>
      <p className="note">
        The files stay in this browser. The scenario that is made can be edited.
      </p>
      <Actions run="Make the scenario and run" />
    </form>
  )
}

function Rules({
  kinds,
  rules,
  value,
  type,
}: {
  readonly kinds: readonly PlainRules[]
  readonly rules: PlainRules
  readonly value: (field: string) => string
  readonly type: (field: string, text: string) => void
}) {
  return (
    <fieldset>
      <legend>Rules</legend>
      <div className="fields">
        <Choice
          label="Kind"
          value={rules.kind}
          words={kinds.map(({ kind }) => kind)}
          choose={(kind) => type('kind', kind)}
        />
        {rules.keys.map(({ key, about }) => (
          <Text
            key={key}
            label={key}
            about={about}
            value={value(key)}
            type={(text) => type(key, text)}
          />
        ))}
      </div>
    </fieldset>
  )
}

/** The fields of the form: what was typed, else what the files let one guess. */
function useFields(book: LookedAt, depths: readonly LookedAt[]) {
  const [typed, setTyped] = useState<Typed>({})
  const { rules: kinds, assets } = book
  const collateral = assets.filter((asset) => asset.collateral > 0)
  const rules = kinds.find(({ kind }) => kind === (typed.kind ?? 'lending')) ?? kinds[0]
  const found = depthsOf(depths, collateral, typed)
  const guesses = new Map<string, string>(rules.keys.map(({ key, usual }) => [key, usual ?? '']))
  const value = (field: string) => typed[field] ?? guesses.get(field) ?? ''
  for (const asset of assets)
    guesses.set(`price ${asset.name}`, priceOf(asset, found.get(asset.name) ?? null))
  const priceIn = (name: string) => value(`price ${name}`)
  for (const asset of collateral) {
    guesses.set(`depth ${asset.name}`, assumedDepth(asset, priceIn(asset.name)))
    for (const term of rules.terms) guesses.set(`${term.key} ${asset.name}`, termOf(asset, term))
  }
  return {
    ...{ rules, collateral, found, value },
    shock: typed.shock ?? heaviest(collateral, priceIn),
    type: (field: string, text: string) => setTyped({ ...typed, [field]: text }),
  }
}

/** Which depth belongs to which asset: as chosen, else in their order. */
function depthsOf(
  depths: readonly LookedAt[],
  collateral: readonly FoundAsset[],
  typed: Typed,
): Map<string, LookedAt> {
  const found = new Map<string, LookedAt>()
  for (const depth of depths) {
    const free = collateral.find(({ name }) => !found.has(name))?.name
    const asset = typed[`of ${depth.name}`] ?? free
    if (asset !== undefined) found.set(asset, depth)
  }
  return found
}

function Asset({
  asset: { name, collateral },
  terms,
  depth,
  value,
  type,
}: {
  readonly asset: FoundAsset
  readonly terms: readonly string[]
  readonly depth: LookedAt | null
  readonly value: (field: string) => string
  readonly type: (field: string, text: string) => void
}) {
  return (
    <fieldset>
      <legend>
        {name} <span className="note">{collateral > 0 ? 'collateral' : 'debt only'}</span>
      </legend>
      <div className="fields">
        <Text
          label={`Price of ${name}`}
          about="In USD, when the positions were recorded."
          value={value(`price ${name}`)}
          type={(text) => type(`price ${name}`, text)}
        />
        {terms.map((key) => (
          <Text
            key={key}
            label={`${key} of ${name}`}
            value={value(`${key} ${name}`)}
            type={(text) => type(`${key} ${name}`, text)}
          />
        ))}
        {collateral === 0 || depth !== null ? null : (
          <Text
            label={`Bids for ${name} within 10 %`}
            about="Assumed: a tenth of the collateral. Add a file of depth for the recorded book."
            value={value(`depth ${name}`)}
            type={(text) => type(`depth ${name}`, text)}
          />
        )}
      </div>
      {depth === null ? null : <p className="note">Bids come from {depth.name}.</p>}
    </fieldset>
  )
}

function Text({
  label,
  about,
  value,
  type,
}: {
  readonly label: string
  readonly about?: string
  readonly value: string
  readonly type: (text: string) => void
}) {
  return (
    <label>
      <span>{label}</span>
      <input
        type="text"
        required
        autoComplete="off"
        value={value}
        onChange={(event) => type(event.target.value)}
      />
      {about === undefined ? null : <span className="note">{about}</span>}
    </label>
  )
}

function Choice({
  label,
  value,
  words,
  choose,
}: {
  readonly label: string
  readonly value: string
  readonly words: readonly string[]
  readonly choose: (word: string) => void
}) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => choose(event.target.value)}>
        {words.map((word) => (
          <option key={word}>{word}</option>
        ))}
      </select>
    </label>
  )
}
