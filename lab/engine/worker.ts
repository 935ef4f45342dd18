/** The worker: reads, runs and answers. The same engine as the command line, and no second one. */

import { config } from 'zod'
import { FirebreakError } from '../../src/errors.ts'
import { bundledExamples, pageOf } from './help.ts'
import type { DroppedFile, Fault, FromWorker, Kind, Questions, ToWorker } from './protocol.ts'
import { readDraft, runDraft } from './run.ts'

/** Answers one kind; `part` sends what is known so far. */
type Answering<K extends Kind> = (
  ask: Questions[K]['ask'],
  files: readonly DroppedFile[],
  part: (part: Questions[K]['part']) => void,
) => Promise<Questions[K]['answer']>

/** What the first screen does not ask is a part of its own, which comes when it is asked. */
const answers: { readonly [K in Kind]: Answering<K> } = {
  read: readDraft,
  run: runDraft,
  examples: bundledExamples,
  page: pageOf,
  sketch: later(async () => (await import('./preview.ts')).sketchDraft),
  replay: later(async () => (await import('./replay.ts')).replayDraft),
  text: later(async () => (await import('./text.ts')).textOfDraft),
  amend: later(async () => (await import('./text.ts')).amendedText),
  hint: later(async () => (await import('./text.ts')).hintAt),
  explain: later(async () => (await import('./explain.ts')).explain),
  look: later(async () => (await import('./look.ts')).lookAt),
  market: later(async () => (await import('./look.ts')).marketOf),
  opening: later(async () => (await import('./walls.ts')).openingOf),
  walls: later(async () => (await import('./walls.ts')).wallsOf),
  phase: later(async () => (await import('./phase.ts')).phaseOf),
  defences: later(async () => (await import('./compare.ts')).defenceFacts),
  compare: later(async () => (await import('./compare.ts')).compareDraft),
  pair: later(async () => (await import('./compare.ts')).courses),
}

function later<K extends Kind>(load: () => Promise<Answering<K>>): Answering<K> {
  return async (...asked) => (await load())(...asked)
}

// Schemas would compile themselves, which the page's policy forbids.
config({ jitless: true })

const scope = globalThis as unknown as {
  postMessage(message: FromWorker): void
  onmessage: (event: { readonly data: ToWorker }) => void
}

const files: DroppedFile[] = []

scope.onmessage = ({ data }) => {
  if ('files' in data) files.splice(0, files.length, ...data.files)
  else void answer(data.id, data.kind, data.ask)
}

async function answer(id: number, kind: Kind, ask: Questions[Kind]['ask']): Promise<void> {
  try {
    const answering = answers[kind] as Answering<Kind>
    const answer = await answering(ask, files, (part) => scope.postMessage({ id, part }))
    scope.postMessage({ id, answer })
  } catch (error) {
    scope.postMessage({ id, fault: faultOf(error) })
  }
}

function faultOf(error: unknown): Fault {
  if (error instanceof FirebreakError) {
    const { code, message, rule, place, came, remedy } = error
    return {
      ...{ code, message, rule },
      ...{ place: place ?? null, came: came ?? null, remedy: remedy ?? null },
    }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { code: null, message, rule: message, place: null, came: null, remedy: null }
}
