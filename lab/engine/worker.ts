/** The worker: reads, runs and answers. The same engine as the command line, and no second one. */

import { config } from 'zod'
import { FirebreakError } from '../../src/errors.ts'
import { compareDraft, courses, defenceFacts } from './compare.ts'
import { explain } from './explain.ts'
import { bundledExamples, pageOf } from './help.ts'
import { lookAt, marketOf } from './look.ts'
import { phaseOf } from './phase.ts'
import { sketchDraft } from './preview.ts'
import type { DroppedFile, Fault, FromWorker, Kind, Questions, ToWorker } from './protocol.ts'
import { replayDraft } from './replay.ts'
import { readDraft, runDraft } from './run.ts'
import { amendedText, hintAt, textOfDraft } from './text.ts'
import { openingOf, wallsOf } from './walls.ts'

/** Answers one kind; `part` sends what is known so far. */
type Answering<K extends Kind> = (
  ask: Questions[K]['ask'],
  files: readonly DroppedFile[],
  part: (part: Questions[K]['part']) => void,
) => Promise<Questions[K]['answer']>

const answers: { readonly [K in Kind]: Answering<K> } = {
  read: readDraft,
  run: runDraft,
  replay: replayDraft,
  examples: bundledExamples,
  page: pageOf,
  text: textOfDraft,
  amend: amendedText,
  hint: hintAt,
  explain,
  look: lookAt,
  market: marketOf,
  opening: openingOf,
  walls: wallsOf,
  phase: phaseOf,
  sketch: sketchDraft,
  defences: defenceFacts,
  compare: compareDraft,
  pair: courses,
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
