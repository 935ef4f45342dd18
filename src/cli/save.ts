/** Writes files so that nobody ever finds half of them. */

import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import type { OutFile } from '../document/files.ts'
import { InputError } from '../errors.ts'

/**
 * Opens the folder in which files wait until all of them are there, and returns it. What stands in
 * it moves with the next `saveFolder`.
 *
 * Throws: UnwritableError
 */
export function stage(folder: string): string {
  const target = resolve(folder)
  try {
    if (existsSync(target) && !statSync(target).isDirectory()) throw new Error('not a folder')
    mkdirSync(stagingOf(target), { recursive: true })
  } catch (error) {
    throw new UnwritableError(folder, error)
  }
  return stagingOf(target)
}

/** Works, and leaves nothing waiting afterwards, not even when the process ends in between. */
export async function clearing<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const clear = () => unstage(folder)
  process.once('exit', clear)
  try {
    return await work()
  } finally {
    process.off('exit', clear)
    clear()
  }
}

/** Removes what waits, if anything does. */
export function unstage(folder: string): void {
  rmSync(stagingOf(resolve(folder)), { recursive: true, force: true })
}

/**
 * Writes files into a folder, which may exist; other files in it stay as they are, but those that
 * are `outdated`.
 *
 * Rule:   everything is written to a folder beside it first and then renamed into place.
 * Throws: UnwritableError
 */
export function saveFolder(
  folder: string,
  files: readonly OutFile[],
  outdated: readonly string[] = [],
): void {
  const temporary = stage(folder)
  try {
    for (const { name, text } of files) {
      mkdirSync(dirname(join(temporary, name)), { recursive: true })
      writeFileSync(join(temporary, name), text)
    }
    for (const name of outdated) rmSync(join(folder, name), { force: true })
    if (existsSync(folder)) moveAll(temporary, folder)
    else renameSync(temporary, folder)
  } catch (error) {
    throw new UnwritableError(folder, error)
  } finally {
    unstage(folder)
  }
}

/**
 * Writes one file.
 *
 * Throws: UnwritableError
 */
export function saveFile(path: string, text: string): void {
  saveFolder(dirname(resolve(path)), [{ name: basename(path), text }])
}

function moveAll(from: string, to: string): void {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue
    const name = relative(from, join(entry.parentPath, entry.name))
    mkdirSync(dirname(join(to, name)), { recursive: true })
    renameSync(join(from, name), join(to, name))
  }
}

function stagingOf(target: string): string {
  return join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
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
