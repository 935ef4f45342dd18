/** Compare: two defences, or any two sets of keys, over the same pairs of runs. */

import './compare.css'
import { useEffect } from 'react'
import { sides } from '../state/arms.ts'
import { armsOf, asking, compareNow, drawPair, listDefences, useCompare } from '../state/compare.ts'
import { useShortcut } from '../state/shortcuts.ts'
import { useLab } from '../state/store.ts'
import { Arms } from './compare/arms.tsx'
import { Courses } from './compare/courses.tsx'
import { Differences } from './compare/differences.tsx'
import { middlePair } from './compare/facts.ts'
import { Running } from './compare/running.tsx'
import { DeltaTable } from './compare/table.tsx'
import { Take } from './compare/take.tsx'
import { Verdict } from './compare/verdict.tsx'

export function CompareScreen() {
  const { choices, pairs, shown, asked } = useCompare()
  const draft = useLab((state) => state.draft)
  useEffect(() => void listDefences(), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are what is compared
  useEffect(() => void compareNow(), [draft, choices, pairs])
  useKeys()
  usePair()
  const ask = asking(draft, choices, pairs)
  const isOld = shown !== null && JSON.stringify(shown.ask) !== asked
  return (
    <>
      <h1 className="unseen">Compare</h1>
      <Arms />
      <Running />
      {shown === null ? (
        <Waiting isPossible={ask !== null} />
      ) : (
        <div className={isOld ? 'cmp cmp-old' : 'cmp'}>
          <Verdict shown={shown} />
          <div className="cmp-charts">
            <Courses shown={shown} />
            <Differences shown={shown} />
          </div>
          <DeltaTable shown={shown} />
          <Take shown={shown} />
        </div>
      )}
    </>
  )
}

function Waiting({ isPossible }: { readonly isPossible: boolean }) {
  return (
    <section className="card cmp-waiting">
      <p className="note">
        {isPossible
          ? 'The first pairs are running. Each pair has the same prices, book, depth and seed for every arm, so that what differs is the arms alone.'
          : 'Choose what A and B change.'}
      </p>
    </section>
  )
}

/** A letter goes to the arm that has it. */
function useKeys(): void {
  useShortcut(sides, 'Go to an arm', 'Compare', (key) =>
    document.querySelector<HTMLElement>(`[data-arm="${key}"]`)?.focus(),
  )
}

/** The pair that is picked, over time; the middle one once all pairs are there. */
function usePair(): void {
  const { shown, pair, measure, against, courses } = useCompare()
  const key = shown === null ? '' : armsOf(shown.ask)
  const wanted =
    shown === null ? null : (pair ?? (shown.isWhole ? middlePair(shown, against, measure) : null))
  const first = shown?.compared.pairs[0] ?? null
  const at = wanted ?? (courses?.arms === key ? courses.pair : first)
  // biome-ignore lint/correctness/useExhaustiveDependencies: one question for each pair
  useEffect(() => {
    if (shown !== null && at !== null) void drawPair(shown.ask, at)
  }, [key, at])
}
