import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Contract,
  compile,
  type Evm,
  hasDifferential,
  startEvm,
  withPackages,
} from './evm.suite.ts'

const source = `
pragma solidity 0.8.19;
library Sum { function plus(uint a, uint b) external pure returns (uint) { return a + b; } }
contract Box {
  error TooLarge(uint came);
  uint public held;
  constructor(uint first) { held = first; }
  function add(uint more) external {
    if (more > 100) revert TooLarge(more);
    require(more != 13, 'unlucky');
    assert(more != 14);
    held = Sum.plus(held, more);
  }
  function at() external view returns (uint) { return block.timestamp; }
}`

describe.skipIf(!hasDifferential())(withPackages('a local chain'), () => {
  let evm: Evm
  let box: Contract

  beforeAll(async () => {
    evm = await startEvm()
    const made = compile({ solc: '0.8.19', root: '', entries: [], sources: { 'Box.sol': source } })
    const sum = await evm.deploy(made.Sum)
    box = await evm.deploy(made.Box, [7n], { Sum: sum.address })
  })
  afterAll(() => evm?.close())

  it('behaviour: sends, reads, and names reverts', async () => {
    expect((await evm.send(box, 'add', [5n])).reason).toBe('')
    expect((await evm.send(box, 'add', [101n])).reason).toBe('TooLarge')
    expect((await evm.send(box, 'add', [13n])).reason).toBe('unlucky')
    expect((await evm.send(box, 'add', [14n])).reason).toBe('Panic')
    expect(await evm.read(box, 'held')).toBe(12n)
    expect(await evm.storageAt(box.address, 0n)).toBe(12n)
  })

  it('behaviour: goes back to a snapshot, and time is as told', async () => {
    const before = await evm.snapshot()
    await evm.setStorageAt(box.address, 0n, 99n)
    const from = await evm.now()
    await evm.nextAt(from + 1000)
    expect((await evm.send(box, 'add', [1n])).atSeconds).toBe(from + 1000)
    expect((await evm.send(box, 'add', [1n])).atSeconds).toBe(from + 1001)
    expect(
      await evm.readAll([
        [box, 'held'],
        [box, 'held'],
      ]),
    ).toEqual([101n, 101n])
    await evm.revert(before)
    expect(await evm.read(box, 'held')).toBe(12n)
    expect(await evm.now()).toBe(from)
    const { atSeconds } = await evm.must(box, 'add', [1n])
    expect(await evm.read(box, 'at')).toBe(BigInt(atSeconds))
  })
})
