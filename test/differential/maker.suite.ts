/**
 * Maker's Vat, Cat and Flipper as deployed at the end of 2020 (Liquidations 1.2): their runtime
 * bytecode, taken out of the chain snapshot that a package ships, and put on a local chain.
 */

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { assert } from '../../src/errors.ts'
import { type Abi, type Contract, coding, type Evm, type Hex } from './evm.suite.ts'

const PACKAGE = '@makerdao/testchain@1.1.32'
const cache = join(import.meta.dirname, '..', '..', '.cache', 'differential')
const NAMES = ['Vat', 'Cat', 'Flipper'] as const

type Name = (typeof NAMES)[number]
type Code = Record<Name, { readonly abi: Abi; readonly runtime: Hex }>

/**
 * The contracts, from the cache or from the package, which is fetched once; a sentence that says
 * why they cannot be had.
 *
 * Rule: the snapshot keeps code by its hash, so a contract is the smallest code that holds the
 *       selectors of all functions of its ABI.
 */
export function makerCode(): Code | string {
  const kept = join(cache, 'maker.json')
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8'))
  mkdirSync(cache, { recursive: true })
  const archive = join(cache, 'makerdao-testchain-1.1.32.tgz')
  try {
    if (!existsSync(archive))
      execFileSync(
        'npm',
        ['pack', PACKAGE, '--pack-destination', cache, '--silent', '--fetch-retries', '0'],
        {
          stdio: 'ignore',
          timeout: 120_000,
        },
      )
  } catch {
    return `npm pack ${PACKAGE} failed: no network?`
  }
  const code = codeIn(readFileSync(archive))
  writeFileSync(kept, JSON.stringify(code))
  return code
}

function codeIn(archive: Buffer): Code {
  const abis = new Map<string, Abi>()
  let snapshot: Buffer | null = null
  for (const [path, content] of entriesOf(gunzipSync(archive))) {
    const name = /out\/mcd\/(\w+)\.abi$/.exec(path)?.[1]
    if (name !== undefined) abis.set(name, JSON.parse(content.toString('utf8')))
    if (path.endsWith('snapshots/default.tgz')) snapshot = content
  }
  assert(snapshot !== null, 'the package holds a snapshot')
  const blobs: string[] = []
  for (const [path, content] of entriesOf(gunzipSync(snapshot)))
    if (path.includes('!trie_db!0x') && content.length > 1000) blobs.push(content.toString('utf8'))
  const found = NAMES.map((name) => {
    const abi = abis.get(name)!
    const selectors = selectorsOf(abi)
    const [smallest] = blobs
      .filter((blob) => selectors.every((selector) => blob.includes(selector)))
      .sort((a, b) => a.length - b.length)
    return [name, { abi, runtime: JSON.parse(smallest) }]
  })
  return Object.fromEntries(found)
}

/** Files of a tar archive: path and content. */
function* entriesOf(tar: Buffer): Generator<readonly [string, Buffer]> {
  const text = (from: number, length: number) =>
    tar.toString('latin1', from, from + length).replace(/\0.*$/s, '')
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8)
    const prefix = text(at + 345, 155)
    const name = text(at, 100)
    yield [prefix === '' ? name : `${prefix}/${name}`, tar.subarray(at + 512, at + 512 + size)]
    at += 512 + Math.ceil(size / 512) * 512
  }
}

interface AbiFunction {
  readonly type: string
  readonly name: string
  readonly inputs: readonly { readonly type: string }[]
}

function selectorsOf(abi: Abi): string[] {
  return (abi as readonly AbiFunction[])
    .filter(({ type }) => type === 'function')
    .map(({ name, inputs }) => `${name}(${inputs.map(({ type }) => type).join()})`)
    .map((signature) => coding().keccak256(bytesOf(signature)).slice(2, 10))
}

function bytesOf(text: string): Hex {
  return `0x${Buffer.from(text, 'utf8').toString('hex')}`
}

/** Maker on a chain: one ilk and who acts. */
export interface MakerChain {
  readonly evm: Evm
  readonly vat: Contract
  readonly cat: Contract
  readonly flip: Contract
  /** An address for a name, the same for the same name. */
  who(name: string): Hex
}

/** A name of the one ilk. */
export const ILK = `0x${'45544821'.padEnd(64, '0')}` as Hex
/** Collateral, and rad of DAI, that everybody starts with. */
export const OPENING = 10n ** 30n
export const OPENING_RAD = 10n ** 60n

/**
 * Puts the contracts at their addresses and wires them as a deployment does.
 *
 * Simplifies: the Vow is an account that accepts every call; whoever deploys is warded by storage.
 */
export async function makerChain(evm: Evm, code: Code, people: readonly string[]) {
  const at = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as Hex
  const names = ['vat', 'cat', 'flip', 'vow', 'mint', ...people]
  const who = (name: string) => at(0x1000 + names.indexOf(name))
  const place = async (name: string, of: Name): Promise<Contract> => {
    await evm.setCode(who(name), code[of].runtime)
    return { address: who(name), abi: code[of].abi }
  }
  const vat = await place('vat', 'Vat')
  const cat = await place('cat', 'Cat')
  const flip = await place('flip', 'Flipper')
  const chain: MakerChain = { evm, vat, cat, flip, who }
  // A single STOP: a call to it does nothing and succeeds.
  await evm.setCode(who('vow'), '0x00')
  const [admin] = evm.accounts
  for (const [of, ward] of [
    [vat, admin],
    [vat, cat.address],
    [cat, admin],
    [cat, flip.address],
    [flip, admin],
    [flip, cat.address],
  ] as const)
    await evm.setStorageAt(of.address, wardSlot(ward), 1n)
  await evm.setStorageAt(vat.address, 10n, 1n)
  await evm.setStorageAt(cat.address, 2n, 1n)
  await evm.setStorageAt(cat.address, 3n, vat.address)
  await evm.setStorageAt(flip.address, 2n, vat.address)
  await evm.setStorageAt(flip.address, 3n, ILK)
  await evm.setStorageAt(flip.address, 7n, cat.address)
  await evm.must(cat, 'file', [text('vow'), who('vow')])
  await evm.must(vat, 'init', [ILK])
  await evm.must(vat, 'file', [text('Line'), 1000n * OPENING_RAD])
  for (const name of people) {
    await evm.must(vat, 'slip', [ILK, who(name), OPENING])
    await evm.must(vat, 'suck', [who('mint'), who(name), OPENING_RAD])
    await evm.must(vat, 'hope', [flip.address], who(name))
  }
  return chain
}

/** A short text as bytes32. */
export function text(of: string): Hex {
  return bytesOf(of).padEnd(66, '0') as Hex
}

function wardSlot(of: Hex): Hex {
  return coding().keccak256(`0x${of.slice(2).padStart(64, '0')}${'0'.repeat(64)}`)
}
