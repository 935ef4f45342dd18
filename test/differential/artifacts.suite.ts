/**
 * Contracts of the packages as artifacts: shipped, or compiled into a cache that is not committed.
 *
 * The packages stand apart from the project's own (`npm ci --prefix test/differential`), so nothing
 * imports them by name: they are loaded when a test asks, and their few types are told here.
 */

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { assert } from '../../src/errors.ts'

export type Hex = `0x${string}`
/** An ABI in its JSON form. */
export type Abi = readonly unknown[]
/** Whatever a contract answers: bigint, boolean, hex, string, or arrays and records of them. */
// biome-ignore lint/suspicious/noExplicitAny: the ABI decides at run time
export type Answer = any

/** What of viem is used: coding by ABI, and hashing. */
export interface Coding {
  parseAbi(signatures: readonly string[]): Abi
  encodeFunctionData(of: { abi: Abi; functionName: string; args: readonly unknown[] }): Hex
  decodeFunctionResult(of: { abi: Abi; functionName: string; data: Hex }): Answer
  decodeErrorResult(of: { abi: Abi; data: Hex }): {
    readonly errorName: string
    readonly args?: readonly unknown[]
  }
  encodeDeployData(of: { abi: Abi; bytecode: Hex; args: readonly unknown[] }): Hex
  encodeAbiParameters(types: readonly { readonly type: string }[], values: readonly unknown[]): Hex
  keccak256(bytes: Hex): Hex
  toHex(value: bigint | number | string, of?: { readonly size: number }): Hex
  getAddress(address: string): Hex
}

/** A contract before it is deployed; `links` are byte offsets of library addresses, by name. */
export interface Artifact {
  readonly abi: Abi
  readonly bytecode: Hex
  readonly runtime: Hex
  readonly links: Readonly<Record<string, readonly number[]>>
}

export type Links = Readonly<Record<string, Hex>>

const here = import.meta.dirname
const packages = join(here, 'node_modules')
const cache = join(here, '..', '..', '.cache', 'differential')
const load = createRequire(join(here, 'package.json'))

/** Whether the packages are installed. */
export function hasDifferential(): boolean {
  return existsSync(join(packages, 'viem')) && existsSync(anvilBinary())
}

/** Title of tests that need them; where they are skipped it says why. */
export function withPackages(title: string): string {
  return hasDifferential() ? title : `${title} (skipped: npm ci --prefix test/differential)`
}

/** Path of a file of the installed packages. */
export function packagePath(...path: string[]): string {
  return join(packages, ...path)
}

/** Coding by ABI, from viem. */
export function coding(): Coding {
  return load('viem')
}

/** A compiled contract that a package ships as hardhat's JSON. */
export function shipped(...path: string[]): Artifact {
  const of = JSON.parse(readFileSync(packagePath(...path), 'utf8'))
  return artifact(of.abi, of.bytecode, of.deployedBytecode ?? '0x', of.linkReferences ?? {})
}

/** What to compile. Entries are paths below `root`, or sources of our own by name. */
export interface Compilation {
  readonly solc: '0.8.19' | '0.8.27'
  /** Folder below the packages that paths start from; '' is the packages' own. */
  readonly root: string
  readonly entries: readonly string[]
  readonly sources?: Readonly<Record<string, string>>
  /** As solc writes them, `prefix=target`; a target stands below the packages. */
  readonly remappings?: readonly string[]
  readonly settings?: Readonly<Record<string, unknown>>
}

/**
 * Contracts by name; compiled once, then read from the cache as long as inputs and lock stay.
 */
export function compile(of: Compilation): Record<string, Artifact> {
  const { root, entries, sources = {} } = of
  const named = entries.map((path) => [path, readFileSync(packagePath(root, path), 'utf8')])
  const own = { ...Object.fromEntries(named), ...sources }
  const lock = readFileSync(join(here, 'package-lock.json'), 'utf8')
  const key = createHash('sha256')
    .update(JSON.stringify([of, own, lock]))
    .digest('hex')
  const file = join(cache, `${key.slice(0, 24)}.json`)
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'))
  const compiled = compileNow(of, own)
  mkdirSync(cache, { recursive: true })
  writeFileSync(file, JSON.stringify(compiled))
  return compiled
}

function compileNow(of: Compilation, own: Record<string, string>): Record<string, Artifact> {
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(Object.entries(own).map(([path, content]) => [path, { content }])),
    settings: {
      optimizer: { enabled: true, runs: 200 },
      ...of.settings,
      remappings: of.remappings ?? [],
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode', 'evm.deployedBytecode.object'] } },
    },
  }
  const found = (path: string) => {
    const file = [packagePath(of.root, path), packagePath(path)].find((each) => existsSync(each))
    return file === undefined
      ? { error: `no file ${path}` }
      : { contents: readFileSync(file, 'utf8') }
  }
  const solc = load(`solc-${of.solc}`)
  const out = JSON.parse(solc.compile(JSON.stringify(input), { import: found }))
  const errors = (out.errors ?? []).filter((each: Answer) => each.severity === 'error')
  assert(errors.length === 0, `${errors.map((each: Answer) => each.formattedMessage).join('\n')}`)
  // A name may stand in several files: the one that was asked for comes last and stays.
  const files = Object.entries(out.contracts as Answer)
  const inOrder = [
    ...files.filter(([path]) => !(path in own)),
    ...files.filter(([path]) => path in own),
  ]
  const contracts = inOrder.flatMap(([, named]) => Object.entries(named as Answer))
  return Object.fromEntries(
    contracts.map(([name, { abi, evm }]: Answer) => [
      name,
      artifact(
        abi,
        `0x${evm.bytecode.object}`,
        `0x${evm.deployedBytecode.object}`,
        evm.bytecode.linkReferences,
      ),
    ]),
  )
}

function artifact(abi: Abi, bytecode: Hex, runtime: Hex, references: Answer): Artifact {
  const links: Record<string, number[]> = {}
  for (const byName of Object.values(references) as Answer[])
    for (const [name, places] of Object.entries(byName) as Answer[])
      links[name] = places.map(({ start }: { start: number }) => start)
  return { abi, bytecode, runtime, links }
}

/** Creation code with the addresses of its libraries. */
export function linked({ bytecode, links }: Artifact, addresses: Links): Hex {
  let code: string = bytecode
  for (const [name, places] of Object.entries(links)) {
    assert(name in addresses, `library ${name} has an address`)
    for (const start of places) {
      const at = 2 + 2 * start
      code = code.slice(0, at) + addresses[name].slice(2).toLowerCase() + code.slice(at + 40)
    }
  }
  return code as Hex
}

/** The executable of the chain, for this machine. */
export function anvilBinary(): string {
  const name = `anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  const end = process.platform === 'win32' ? '.exe' : ''
  return packagePath('@foundry-rs', name, 'bin', `anvil${end}`)
}
