/** Mistakes on the command line itself. */

import type { CommanderError } from 'commander'
import { InputError } from '../errors.ts'
import { didYouMean } from '../ingest/suggest.ts'

/** A parser's complaint as one of our errors: what came, and what was probably meant. */
export function usageError(error: CommanderError): InputError {
  const [message, hint] = error.message.replace(/^error: /, '').split('\n')
  const meant = /\(Did you mean (.*)\?\)/.exec(hint ?? '')
  return new UsageError(
    codes[error.code] ?? 'FB2000',
    message.replace(/\.$/, ''),
    meant === null ? null : `Did you mean ${meant[1]}?`,
  )
}

const codes: Readonly<Record<string, string>> = {
  'commander.unknownCommand': 'FB2001',
  'commander.unknownOption': 'FB2002',
  'commander.missingArgument': 'FB2003',
  'commander.excessArguments': 'FB2004',
  'commander.optionMissingArgument': 'FB2005',
  'commander.invalidArgument': 'FB2006',
}

/** A command line that cannot be understood. */
export class UsageError extends InputError {
  constructor(code: string, rule: string, remedy: string | null) {
    super({ code, rule, remedy: remedy ?? 'Run firebreak --help, or --help after a command' })
  }
}

/** Two flags that exclude each other. */
export class ConflictingFlagsError extends InputError {
  constructor(one: string, other: string) {
    super({
      code: 'FB2007',
      rule: `${one} and ${other} exclude each other`,
      remedy: 'Give one of them',
    })
  }
}

/** A word that is not among those allowed. */
export class UnknownWordError extends InputError {
  constructor(place: string, came: string, words: readonly string[]) {
    super({
      code: 'FB2008',
      rule: `must be one of ${words.join(', ')}`,
      place,
      came,
      remedy: didYouMean(came, words),
    })
  }
}

/** Tables were asked for, and no folder to write them to. */
export class TablesNowhereError extends InputError {
  constructor(format: string) {
    super({
      code: 'FB2033',
      rule: '--tables needs --out',
      place: '--tables',
      came: format,
      remedy: 'Add --out and a folder',
    })
  }
}

/** Tables were asked for of a scenario without time. */
export class NoTablesError extends InputError {
  constructor(entry: string) {
    super({
      code: 'FB2034',
      rule: 'only a run in time has tables of its blocks',
      place: '--tables',
      came: `the instant cascade ${entry}`,
      remedy: 'Leave --tables out, or give the scenario blocks:',
    })
  }
}

/** A `--set` that is no `key=value`. */
export class OverrideSyntaxError extends InputError {
  constructor(came: string) {
    super({
      code: 'FB2020',
      rule: 'an override is a key, an equals sign and a value',
      place: '--set',
      came,
      remedy: 'Write it like --set depth.haircut=50%',
    })
  }
}
