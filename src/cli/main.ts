/**
 * The command line: reads the words, hands them to one command, and turns what happens into an exit
 * code.
 */

import { Command, CommanderError } from 'commander'
import { engineVersion } from '../ingest/version.ts'
import { exit, failureJson, failureLines, failureOf } from './failure.ts'
import { coloursOf, type Host } from './host.ts'

// Everything else is loaded inside the command that needs it: `firebreak --help` must be instant.

/**
 * Runs one command line and returns the exit code. Never throws.
 *
 * Shape: `words` are the arguments after the program's name.
 */
export async function main(words: readonly string[], host: Host): Promise<number> {
  try {
    return await obey(words, host)
  } catch (error) {
    return await fail(error, words, host)
  }
}

/** All commands, with what they do. `obeyed` is called with the exit code of the one that ran. */
export function commands(host: Host, obeyed: (code: number) => void): Command {
  const program = new Command('firebreak')
    .description('Finds where liquidations feed on themselves, and what stops them.')
    .version(engineVersion, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .option('--no-color', 'no colours (also NO_COLOR, CI, TERM=dumb; FORCE_COLOR forces them)')
    .addHelpText('after', examples(host.program))
  const act =
    (load: () => Promise<Act>) =>
    async (...given: unknown[]) => {
      const command = given[given.length - 1] as Command
      const act = await load()
      obeyed(await act(command.args, command.optsWithGlobals(), host))
    }
  addRun(program, act)
  addSweep(program, act)
  addCompare(program, act)
  addReport(program, act)
  addServe(program, act)
  program
    .command('init')
    .description('write a small scenario of your own that runs at once')
    .argument('[dir]', 'folder to write to', '.')
    .action(act(async () => (await import('./init.ts')).init))
  program
    .command('help')
    .description('explain a metric, an error or warning code, or a command')
    .argument('[topic]', 'such as loop_gain, FB2011 or run')
    .action(act(async () => (await import('./help.ts')).help))
  program
    .command('completion')
    .description('print a completion script for your shell')
    .argument('<shell>', 'bash, zsh or fish')
    .action(act(async () => (await import('./completion.ts')).completion))
  return quieten(program, host)
}

/** What a command gets: its arguments as typed, its flags, and the world. Returns the exit code. */
export type Act = (
  words: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  host: Host,
) => Promise<number>

type Loader = (load: () => Promise<Act>) => (...given: unknown[]) => Promise<void>

function addRun(program: Command, act: Loader): void {
  scenarioFlags(program.command('run'))
    .description('run a scenario and print what happens; writes nothing without --out')
    .option('--dry-run', 'check the scenario and print it resolved, with digests')
    .option('--attack', 'search what its attacker could gain, and which guard ends that')
    .option('--gate <condition>', "breach sets exit code 3: 'bad_debt_usd < 1M'", collect)
    .option('--json', 'print the result as one JSON document')
    .option('--ndjson', 'print events, one JSON document a line')
    .option('-q, --quiet', 'print nothing but errors and breached gates')
    .option('--out <dir>', 'write result, tables and figures to a folder')
    .option('--tables <format>', 'with --out, of a run in time: parquet (default), csv or ndjson')
    .action(act(async () => (await import('./run.ts')).run))
}

function addSweep(program: Command, act: Loader): void {
  scenarioFlags(program.command('sweep'), '[scenario]')
    .description('run a scenario many times: a grid, Monte Carlo, one key at a time, or ignition')
    .option('--vary <key=values>', 'drop=5%..40%:5% or depth.haircut=0%,50% (repeatable)', collect)
    .option('--runs <n>', 'runs of each cell: paths in time, else synthetic books', '1')
    .option('--until <width>', "run no more than is needed: 'bad_debt_usd(q95) < 5%'")
    .option('--sampling <kind>', 'of paths in time: antithetic, stratified or quasi')
    .option('--pareto <measures>', 'mark the cells that no other beats in all of these measures')
    .option('--search <n>', 'with --pareto: look for them in n cells, instead of running all')
    .option('--limits <file>', 'with --pareto: how far keys and measures may go (YAML)')
    .option('--tornado', 'vary each key alone (without --vary every number, by 10 %)')
    .option('--find <what>', 'ignition: the smallest drop that lights each cell')
    .option('--control', 'in time: state means with the instant cascade as a control variate')
    .option('--metric <name>', 'what the page shows: bad_debt_usd, amplification, ...')
    .option('--stat <name>', 'of many runs: mean, q50, q90, q95, q99, es95, es99, nonzero')
    .option('--gate <condition>', "breach sets exit code 3: 'bad_debt_usd(q95) < 1M'", collect)
    .option('--workers <n>', 'threads; all cores by default')
    .option('--memory <mb>', 'heap of each thread')
    .option('--queue <url>', 'spread over workers by a Redis: redis://host:6379')
    .option('--task <ms>', 'work of one job; 250 by default')
    .option('--worker', 'work for the sweeps of a --queue')
    .option('--once', 'with --worker: end when the sweeps served are over')
    .option('--rate <n>', 'with --worker: tasks a second, over all workers')
    .option('--out <dir>', 'folder of the results; by default one under .firebreak/sweeps')
    .option('--resume', 'go on with what the folder holds')
    .option('--fresh', 'throw away what the folder holds')
    .option('--format <list>', 'files to write: parquet, json, csv, md, svg', 'parquet,json')
    .option('--json', 'print the result as one JSON document')
    .option('-q, --quiet', 'print nothing but errors and breached gates')
    .action(act(async () => (await import('./sweep.ts')).sweep))
}

function addCompare(program: Command, act: Loader): void {
  scenarioFlags(program.command('compare'))
    .description('run the same pairs with and without a defence, and say what each saves and costs')
    .option('--defences <list>', 'names, separated by commas: breaker,speed-limit')
    .option('--a <key=value>', 'what the first arm changes; nothing by default')
    .option('--b <key=value>', "one more arm, with this changed; several keys: 'k=v; k=v'", collect)
    .option('--pairs <n>', 'runs of each arm, on the same seeds', '200')
    .option('--workers <n>', 'threads; all cores by default')
    .option(
      '--gate <condition>',
      "breach sets exit code 3: 'bad_debt_usd(breaker) < 1M', 'delta:forced_sale_usd < 0'",
      collect,
    )
    .option('--format <list>', 'files to write with --out: json, md, csv, svg', 'json,md')
    .option('--out <dir>', 'write the comparison to a folder')
    .option('--json', 'print the result as one JSON document')
    .option('-q, --quiet', 'print nothing but errors and breached gates')
    .action(act(async () => (await import('./compare.ts')).compare))
}

function addServe(program: Command, act: Loader): void {
  scenarioFlags(program.command('serve'), '[scenario]')
    .description(
      'open the lab in a browser: drag, replay and share a scenario; nothing leaves here',
    )
    .option('--port <n>', 'port of this machine; 0 takes any that is free', '4180')
    .option('--host <name>', '127.0.0.1, ::1 or localhost', '127.0.0.1')
    .option('--no-open', 'only print the address')
    .action(act(async () => (await import('./serve.ts')).serve))
}

function addReport(program: Command, act: Loader): void {
  scenarioFlags(program.command('report'))
    .description('write a report of a scenario, or of a folder that run --out wrote')
    .option('--format <list>', 'html, md, svg, csv, json, separated by commas', 'html')
    .option('--out <path>', 'folder, or file when one file is written')
    .action(act(async () => (await import('./report.ts')).report))
}

function scenarioFlags(command: Command, entry = '<scenario>'): Command {
  return command
    .argument(entry, 'a scenario file, or the name of a bundled example')
    .option('--drop <ratio>', 'outside drop of the shocked asset: 15%, 0.15')
    .option('--set <key=value>', 'override any key; null removes it (repeatable)', collect)
    .option('--data <dir>', 'folder against which input files resolve')
    .option('--order <order>', 'worst-first, batch or at-trigger')
    .option('--no-feedback', 'sales do not move the price')
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

async function obey(words: readonly string[], host: Host): Promise<number> {
  let code: number = exit.ok
  const program = commands(host, (answer) => {
    code = answer
  })
  if (words.length === 0) program.help()
  await program.parseAsync(words, { from: 'user' })
  return code
}

async function fail(error: unknown, words: readonly string[], host: Host): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return exit.ok
  const { usageError } = await import('./usage.ts')
  const failure = failureOf(error instanceof CommanderError ? usageError(error) : error)
  if (words.includes('--json') || words.includes('--ndjson')) {
    host.stderr.write(failureJson(failure))
    return failure.exit
  }
  const { paintFor } = await import('./paint.ts')
  const refused = words.includes('--no-color')
  const paint = paintFor(coloursOf(host.stderr, host.env, refused))
  host.stderr.write(`${failureLines(failure, host, paint).join('\n')}\n`)
  return failure.exit
}

/** Errors are ours to print; help goes to stdout. */
function quieten(program: Command, host: Host): Command {
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: () => {},
      getOutHelpWidth: () => 96,
    })
  }
  return program
}

function examples(program: string): string {
  return `
Examples:
  ${program} run eth-lending --drop 15%
  ${program} sweep eth-lending --vary drop=5%..40%:5% --vary depth.haircut=0%,50% --runs 200
  ${program} report eth-lending --drop 15% --out report.html
  ${program} init my-market
  ${program} help loop_gain

Exit codes:
  0 ok   1 our fault   2 usage or scenario   3 gate breached   4 data   6 did not settle
  130 interrupted: of a run in time, --out keeps the blocks so far
`
}
