/** `firebreak completion`: scripts that complete commands, flags, examples and topics. */

import type { Command } from 'commander'
import { definitions } from '../definitions.ts'
import { defenceFactories, rulesFactories } from '../setup.ts'
import { type Act, commands } from './main.ts'
import { allPages } from './pages.ts'
import { UnknownWordError } from './usage.ts'

/** Prints the script of one shell. */
export const completion: Act = async ([shell], _flags, host) => {
  if (!Object.hasOwn(scripts, shell)) {
    throw new UnknownWordError('completion', shell, Object.keys(scripts))
  }
  const words = commands(host, () => {}).commands.map(wordsOf)
  host.stdout.write(scripts[shell as keyof typeof scripts](words))
  return 0
}

/** What may follow a command: its flags, and words that it knows. */
interface Words {
  readonly name: string
  readonly description: string
  readonly flags: readonly { readonly name: string; readonly description: string }[]
  readonly words: readonly string[]
  /** Files may follow as well. */
  readonly files: boolean
}

const scripts = { bash, zsh, fish }

function wordsOf(command: Command): Words {
  const name = command.name()
  return {
    name,
    description: command.description(),
    flags: command.options.flatMap(({ long, description }) =>
      long == null ? [] : { name: long, description },
    ),
    words: known[name] ?? [],
    files: name === 'run' || name === 'report' || name === 'init',
  }
}

const known: Readonly<Record<string, readonly string[]>> = {
  run: ['eth-lending', 'lst-depeg', 'uniswap-thin'],
  report: ['eth-lending', 'lst-depeg', 'uniswap-thin'],
  help: [definitions, rulesFactories, defenceFactories, allPages].flatMap(Object.keys),
  completion: ['bash', 'zsh', 'fish'],
}

function bash(all: readonly Words[]): string {
  const cases = all.map(({ name, flags, words, files }) => {
    const choice = [...words, ...flags.map((flag) => flag.name)].join(' ')
    return `    ${name}) words="${choice}"; files=${files ? 'f' : ''};;`
  })
  return `# eval "$(firebreak completion bash)"
_firebreak() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words files=
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words="${all.map(({ name }) => name).join(' ')} --help --version --no-color";;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${all.map(({ name }) => name).join(' ')} --help --version --no-color"; files=
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word") $([ -n "$files" ] && compgen -f -- "$word"))
}
complete -o filenames -F _firebreak firebreak
`
}

function zsh(all: readonly Words[]): string {
  const cases = all.map(({ name, flags, words, files }) => {
    const choice = [...words, ...flags.map((flag) => flag.name)].join(' ')
    return `    ${name}) compadd -- ${choice}${files ? '; _files' : ''};;`
  })
  return `#compdef firebreak
# eval "$(firebreak completion zsh)"
_firebreak() {
  if (( CURRENT == 2 )); then
    compadd -- ${all.map(({ name }) => name).join(' ')} --help --version --no-color
    return
  fi
  case "\${words[2]}" in
${cases.join('\n')}
  esac
}
compdef _firebreak firebreak
`
}

function fish(all: readonly Words[]): string {
  const lines = all.flatMap(({ name, description, flags, words, files }) => {
    const here = `-n '__fish_seen_subcommand_from ${name}'`
    return [
      `complete -c firebreak -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
      ...flags.map((flag) => {
        return `complete -c firebreak ${here} -l ${flag.name.slice(2)} -d ${quoted(flag.description)}`
      }),
      ...(words.length === 0
        ? []
        : [`complete -c firebreak ${here}${files ? '' : ' -f'} -a '${words.join(' ')}'`]),
    ]
  })
  return `# firebreak completion fish | source\n${lines.join('\n')}\n`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`
}
