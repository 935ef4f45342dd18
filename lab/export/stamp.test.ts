import { describe, expect, it } from 'vitest'
import { commandOf, fileName, rerunOf, stamped } from './stamp.ts'

const draft = {
  entry: 'eth-lending',
  text: null,
  overrides: [
    ['shock.drop', '14%'],
    ['depth.haircut', '50%'],
    ['market.venues.book.bands', '[[0.01, 5e6]]'],
  ],
} as const

describe('stamp', () => {
  it('default: the command has the flags that a person would type', () => {
    const flags =
      "--drop 14% --set depth.haircut=50% --set 'market.venues.book.bands=[[0.01, 5e6]]'"
    expect(rerunOf(draft)).toBe(`firebreak run eth-lending ${flags}`)
    expect(commandOf(draft)).toBe(`node bin/firebreak.js run eth-lending ${flags}`)
  })

  it('default: a file is named after the scenario, its part and the run', () => {
    const ran = { name: 'my own / market', runId: `a066${'0'.repeat(56)}123b` }
    expect(fileName(ran, 'cobweb')).toBe('my-own-market-cobweb-a066-123b')
    expect(fileName(ran, '')).toBe('my-own-market-a066-123b')
  })

  it('default: a table has the time and the command in each row, quoted where they need it', () => {
    const csv = 'run_id,what\n1,"a ""b"", c\nd"\n2,\n'
    expect(stamped(csv, '2020-03-12T00:00:00Z', 'run --set a=[1, 2]')).toBe(
      'run_id,what,data_as_of,rerun\n' +
        '1,"a ""b"", c\nd",2020-03-12T00:00:00Z,"run --set a=[1, 2]"\n' +
        '2,,2020-03-12T00:00:00Z,"run --set a=[1, 2]"\n',
    )
  })

  it('boundary: a table without rows keeps its head, data without a time an empty field', () => {
    expect(stamped('a\n', null, 'run')).toBe('a,data_as_of,rerun\n')
    expect(stamped('a\n1\n', null, 'run')).toBe('a,data_as_of,rerun\n1,,run\n')
  })
})
