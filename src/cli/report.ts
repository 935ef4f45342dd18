/** `firebreak report`: a document to share, from a scenario or from the folder of a run. */

import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, extname, join, resolve } from 'node:path'
import { SourceError } from '../errors.ts'
import type { Report } from '../report.ts'
import { compute } from './engine.ts'
import { exit } from './failure.ts'
import { type Format, formats, reportFiles } from './files.ts'
import { jobOf, retyped } from './flags.ts'
import type { Act } from './main.ts'
import { type OutFile, saveFile, saveFolder } from './save.ts'
import { UnknownWordError } from './usage.ts'

/** Writes the files and prints where they are. */
export const report: Act = async ([entry], flags, host) => {
  const chosen = formatsOf(String(flags.format))
  const folder = resolve(host.folder, entry)
  const job = jobOf(entry, flags, host.folder, false)
  const finished = existsSync(join(folder, resultName)) && statSync(folder).isDirectory()
  const files = finished
    ? filesOfFolder(folder, entry, chosen)
    : reportFiles((await compute(job, host)).report!, chosen, `firebreak run ${retyped(job)}`)
  const out =
    typeof flags.out === 'string' ? flags.out : `${basename(entry, extname(entry))}-report`
  const target = resolve(host.folder, out)
  const single = files.length === 1 && /\.\w+$/.test(out) && !isFolder(target)
  if (single) saveFile(target, files[0].text)
  else saveFolder(target, files)
  const written = single ? [out] : files.map(({ name }) => join(out, name))
  const lines = written.map((path) => `${path}\n`)
  host.stdout.write(lines.join(''))
  return exit.ok
}

const resultName = 'result.json'

function formatsOf(list: string): Format[] {
  return list.split(',').map((word) => {
    const format = formats.find((known) => known === word.trim())
    if (format === undefined) throw new UnknownWordError('--format', word, formats)
    return format
  })
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}

/** Drawing judges the file: whatever fails on the way is a fault of what was read. */
function filesOfFolder(folder: string, entry: string, chosen: readonly Format[]): OutFile[] {
  try {
    const result = JSON.parse(readFileSync(join(folder, resultName), 'utf8')) as Report
    if (result.schema !== 'firebreak.result/1') throw new Error(`schema ${result.schema}`)
    return reportFiles(result, chosen, `firebreak report ${entry}`)
  } catch (error) {
    throw new ResultFileError(join(entry, resultName), error)
  }
}

/** A folder whose result cannot be read. */
export class ResultFileError extends SourceError {
  constructor(place: string, cause: unknown) {
    super({
      code: 'FB4031',
      rule: 'a result must be one document of schema firebreak.result/1',
      place,
      came: cause instanceof Error ? cause.message.split('\n')[0] : String(cause),
      remedy: 'Write it again with firebreak run <scenario> --out <dir>',
      cause,
    })
  }
}
