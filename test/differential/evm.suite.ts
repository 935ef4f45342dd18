/**
 * A local chain that runs the protocols' own bytecode: one anvil process, calls with decoded
 * answers and reverts, time under control.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { assert } from '../../src/errors.ts'
import {
  type Abi,
  type Answer,
  type Artifact,
  anvilBinary,
  coding,
  type Hex,
  type Links,
  linked,
} from './artifacts.suite.ts'

export * from './artifacts.suite.ts'

/** A contract on the chain. */
export interface Contract {
  readonly address: Hex
  readonly abi: Abi
}

/** What a transaction did; `reason` is '' when it was done, else the name or text of the revert. */
export interface Sent {
  readonly reason: string
  readonly gas: number
  readonly atSeconds: number
}

/** A chain under the test's control. */
export interface Evm {
  /** Ten accounts with ether that sign without asking; the first sends where nobody is named. */
  readonly accounts: readonly Hex[]
  deploy(artifact: Artifact, args?: readonly unknown[], links?: Links): Promise<Contract>
  /** A view, at the latest block and its time. */
  read(of: Contract, name: string, args?: readonly unknown[]): Promise<Answer>
  /** Many views in one request. */
  readAll(calls: readonly Call[]): Promise<Answer[]>
  /** One transaction in a block of its own; any address may send. */
  send(of: Contract, name: string, args?: readonly unknown[], from?: Hex): Promise<Sent>
  /** Like `send`, but a revert fails the test. */
  must(of: Contract, name: string, args?: readonly unknown[], from?: Hex): Promise<Sent>
  setCode(address: Hex, code: Hex): Promise<void>
  setStorageAt(address: Hex, slot: bigint | Hex, value: bigint | Hex): Promise<void>
  storageAt(address: Hex, slot: bigint | Hex): Promise<bigint>
  /** Time of the latest block, and of the next one; without the latter it is a second later. */
  now(): Promise<number>
  nextAt(seconds: number): Promise<void>
  mine(): Promise<void>
  snapshot(): Promise<Hex>
  /** Back to a snapshot, which is then gone. */
  revert(to: Hex): Promise<void>
  rpc(method: string, params?: readonly unknown[]): Promise<Answer>
  close(): void
}

export type Call = readonly [of: Contract, name: string, args?: readonly unknown[]]

const GAS = '0x1c9c380'
const START_SECONDS = 1_700_000_000

/** Starts a chain at a fixed time; `close` ends it. */
export async function startEvm(): Promise<Evm> {
  const anvil = spawn(anvilBinary(), [
    ...['--port', '0', '--timestamp', `${START_SECONDS}`, '--gas-price', '0'],
    ...['--block-base-fee-per-gas', '0', '--disable-min-priority-fee', '--auto-impersonate'],
    ...['--disable-code-size-limit', '--disable-block-gas-limit', '--disable-pool-balance-checks'],
    ...['--threads', '1', '--max-persisted-states', '0'],
  ])
  process.once('exit', () => anvil.kill())
  const rpc = client(await listening(anvil))
  const accounts: Hex[] = await rpc('eth_accounts')
  await rpc('anvil_setBlockTimestampInterval', [1])
  return { accounts, rpc, close: () => anvil.kill(), ...calls(rpc, accounts[0]), ...state(rpc) }
}

type Rpc = Evm['rpc']

function calls(rpc: Rpc, first: Hex) {
  const code = coding()
  const data = ([{ abi }, name, args = []]: Call) =>
    code.encodeFunctionData({ abi, functionName: name, args })
  const decode = ([{ abi }, name]: Call, answer: Hex) =>
    code.decodeFunctionResult({ abi, functionName: name, data: answer })
  const transact = transactions(rpc)
  async function send(of: Contract, name: string, args: readonly unknown[] = [], from = first) {
    const receipt = await transact({ from, to: of.address, data: data([of, name, args]) })
    const reason = receipt.status === '0x1' ? '' : await revertOf(receipt.transactionHash, of.abi)
    return { reason, gas: Number(receipt.gasUsed), atSeconds: Number(receipt.blockTimestamp) }
  }
  async function revertOf(hash: Hex, abi: Abi): Promise<string> {
    const options = { tracer: 'callTracer', tracerConfig: { onlyTopCall: true } }
    const { output = '0x', error } = await rpc('debug_traceTransaction', [hash, options])
    try {
      const { errorName, args } = code.decodeErrorResult({ abi, data: output })
      return errorName === 'Error' ? `${args?.[0]}` : errorName
    } catch {
      return output === '0x' ? `${error ?? 'reverted'}` : output
    }
  }
  async function must(of: Contract, name: string, args: readonly unknown[] = [], from = first) {
    const sent = await send(of, name, args, from)
    assert(sent.reason === '', `${name} is done, not refused: ${sent.reason}`)
    return sent
  }
  return {
    send,
    must,
    async deploy(of: Artifact, args: readonly unknown[] = [], links: Links = {}) {
      const input = code.encodeDeployData({ abi: of.abi, bytecode: linked(of, links), args })
      const receipt = await transact({ from: first, data: input })
      assert(receipt.status === '0x1', `the constructor is done: ${receipt.transactionHash}`)
      return { address: receipt.contractAddress as Hex, abi: of.abi }
    },
    async read(...call: Call) {
      return decode(call, await rpc('eth_call', [{ to: call[0].address, data: data(call) }]))
    },
    async readAll(all: readonly Call[]) {
      const wanted = all.map((call) => rpc('eth_call', [{ to: call[0].address, data: data(call) }]))
      return (await Promise.all(wanted)).map((answer, i) => decode(all[i], answer))
    },
  }
}

/**
 * Sends one transaction and waits for its receipt. A node on a busy machine may wait in vain for a
 * block that was there before it began to wait: then the block is looked up.
 */
function transactions(rpc: Rpc): (request: Record<string, unknown>) => Promise<Answer> {
  let last: Hex | undefined
  const mined = async (why: unknown) => {
    const { transactions: all } = await rpc('eth_getBlockByNumber', ['latest', false])
    if (!/confirmation timeout/i.test(String(why)) || all.length !== 1 || all[0] === last) throw why
    return await rpc('eth_getTransactionReceipt', [all[0]])
  }
  return async (request) => {
    const asked = rpc('eth_sendTransactionSync', [{ gas: GAS, gasPrice: '0x0', ...request }])
    const receipt = await asked.catch(mined)
    last = receipt.transactionHash
    return receipt
  }
}

function state(rpc: Rpc) {
  const word = (value: bigint | Hex) => coding().toHex(BigInt(value), { size: 32 })
  return {
    setCode: (address: Hex, code: Hex) => rpc('anvil_setCode', [address, code]),
    setStorageAt: (address: Hex, slot: bigint | Hex, value: bigint | Hex) =>
      rpc('anvil_setStorageAt', [address, word(slot), word(value)]),
    storageAt: async (address: Hex, slot: bigint | Hex) =>
      BigInt(await rpc('eth_getStorageAt', [address, word(slot), 'latest'])),
    now: async () => Number((await rpc('eth_getBlockByNumber', ['latest', false])).timestamp),
    nextAt: (seconds: number) => rpc('evm_setNextBlockTimestamp', [seconds]),
    mine: () => rpc('evm_mine'),
    snapshot: () => rpc('evm_snapshot'),
    revert: (to: Hex) => rpc('evm_revert', [to]),
  }
}

/** One HTTP request per turn of the event loop: what is asked together goes together. */
function client(url: string): Rpc {
  let waiting: { body: unknown; done: (of: Answer) => void; failed: (why: Error) => void }[] = []
  let id = 0
  async function flush() {
    const batch = waiting
    waiting = []
    const body = JSON.stringify(batch.map((each) => each.body))
    const headers = { 'content-type': 'application/json' }
    const reply = await fetch(url, { method: 'POST', headers, body })
    const answers = (await reply.json()) as Answer[]
    batch.forEach(({ done, failed }, i) => {
      const { result, error } = answers[i]
      if (error === undefined) done(result)
      else failed(new Error(`${error.message} ${JSON.stringify(error.data ?? '')}`))
    })
  }
  return (method, params = []) =>
    new Promise((done, failed) => {
      if (waiting.length === 0) setImmediate(flush)
      waiting.push({ body: { jsonrpc: '2.0', id: id++, method, params }, done, failed })
    })
}

function listening(anvil: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    let text = ''
    anvil.stdout?.on('data', (part) => {
      text += part
      const address = /Listening on (\S+)/.exec(text)
      if (address !== null) done(`http://${address[1]}`)
    })
    anvil.once('error', failed)
    anvil.once('exit', (code) => failed(new Error(`anvil ended with ${code}: ${text}`)))
  })
}
