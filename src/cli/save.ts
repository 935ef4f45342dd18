/** Writes files so that nobody ever finds half of them. */

import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { InputError } from '../errors.ts'

/** A file to write; `name` may contain folders. */
export interface OutFile {
  readonly name: string
  readonly text: string
}

/**
 * Writes files into a folder, which may exist; other files in it stay as they are.
 *
 * Rule:   everything is written to a folder beside it first and then renamed into place.
 * Throws: UnwritableError
 */
export function saveFolder(folder: string, files: readonly OutFile[]): void {
  staged(folder, (temporary) => {
    for (const { name, text } of files) {
      mkdirSync(dirname(join(temporary, name)), { recursive: true })
      writeFileSync(join(temporary, name), text)
    }
    if (!existsSync(folder)) {
      renameSync(temporary, folder)
      return
    }
    for (const { name } of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      renameSync(join(temporary, name), join(folder, name))
    }
  })
}

/**
 * Writes one file.
 *
 * Throws: UnwritableError
 */
export function saveFile(path: string, text: string): void {
  saveFolder(dirname(resolve(path)), [{ name: basename(path), text }])
}

function staged(folder: string, write: (temporary: string) => void): void {
  const target = resolve(folder)
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
  try {
    if (existsSync(target) && !statSync(target).isDirectory()) throw new Error('not a folder')
    mkdirSync(temporary, { recursive: true })
    write(temporary)
  } catch (error) {
    throw new UnwritableError(folder, error)
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/** The output cannot be written. */
export class UnwritableError extends InputError {
  constructor(path: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    super({
      code: 'FB2031',
      rule: 'the output must be a place that can be written',
      place: path,
      came: reason,
      remedy: 'Nothing was written. Choose another --out',
      cause,
    })
  }
}
