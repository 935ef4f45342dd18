/** `firebreak report`: a document to share, from a scenario or from the folder of a run. */

import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, extname, join, resolve } from 'node:path'
import { type Format, formats, type OutFile, reportFiles } from '../document/files.ts'
import { retyped } from '../document/retyped.ts'
import { SourceError } from '../errors.ts'
import type { Report } from '../report.ts'
import type { TimedReport } from '../timedReport.ts'
import { compute } from './engine.ts'
import { exit } from './failure.ts'
import { jobOf } from './flags.ts'
import type { Act } from './main.ts'
import { saveFile, saveFolder } from './save.ts'
import { partialName, resultName } from './saveRun.ts'
import { UnknownWordError } from './usage.ts'

/** Writes the files and prints where they are. */
export const report: Act = async ([entry], flags, host) => {
  const chosen = formatsOf(String(flags.format))
  const folder = resolve(host.folder, entry)
  const job = jobOf(entry, flags, host.folder, false)
  if (existsSync(join(folder, partialName))) throw new StoppedRunError(entry)
  const finished = existsSync(join(folder, resultName)) && statSync(folder).isDirectory()
  const files = finished
    ? await filesOfFolder(folder, entry, chosen)
    : await filesOf((await compute(job, host)).report!, chosen, `firebreak run ${retyped(job)}`)
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

type AnyReport = Report | TimedReport

const schemas = ['firebreak.result/1', 'firebreak.run/1']

async function filesOf(
  report: AnyReport,
  chosen: readonly Format[],
  command: string,
): Promise<OutFile[]> {
  if (report.schema === 'firebreak.result/1') return reportFiles(report, chosen, command)
  const { timedReportFiles } = await import('../document/timedFiles.ts')
  return timedReportFiles(report, chosen, command)
}

/** Drawing judges the file: whatever fails on the way is a fault of what was read. */
async function filesOfFolder(
  folder: string,
  entry: string,
  chosen: readonly Format[],
): Promise<OutFile[]> {
  try {
    const result = JSON.parse(readFileSync(join(folder, resultName), 'utf8')) as AnyReport
    if (!schemas.includes(result.schema)) throw new Error(`schema ${result.schema}`)
    return await filesOf(result, chosen, `firebreak report ${entry}`)
  } catch (error) {
    throw new ResultFileError(join(entry, resultName), error)
  }
}

/** A folder whose result cannot be read. */
export class ResultFileError extends SourceError {
  constructor(place: string, cause: unknown) {
    super({
      code: 'FB4031',
      rule: 'a result must be one document of schema firebreak.result/1 or firebreak.run/1',
      place,
      came: cause instanceof Error ? cause.message.split('\n')[0] : String(cause),
      remedy: 'Write it again with firebreak run <scenario> --out <dir>',
      cause,
    })
  }
}

/** A folder of a run that was stopped. */
export class StoppedRunError extends SourceError {
  constructor(entry: string) {
    super({
      code: 'FB4032',
      rule: 'a run that was stopped has tables, but no result to report',
      place: join(entry, partialName),
      remedy: 'Run it again to its end with firebreak run <scenario> --out <dir>',
    })
  }
}
