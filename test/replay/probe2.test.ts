import { it } from 'vitest'
import { recordedDay, valueAt } from './may2021.suite.ts'
import { median } from './recordings.suite.ts'
it('probe', () => {
  const day = recordedDay()
  const q = (x: number[], f: number) => [...x].sort((a, b) => a - b)[Math.floor(f * (x.length - 1))].toFixed(4)
  for (const path of [day.bars, day.closes]) {
    const all: number[] = []
    for (const name of day.collaterals) {
      const gaps = day.positions.filter((p) => p.collateral === name).flatMap((p) => p.events).map((e) => {
        const r = name === 'WETH' ? 1 : valueAt(day.ratio.get(name)!, e.seconds)
        return e.price / (r * valueAt(path, e.seconds)) - 1
      })
      all.push(...gaps)
      console.log(name, gaps.length, [0, .1, .25, .5, .75, .9, 1].map((f) => q(gaps, f)).join(' '), 'abs', median(gaps.map(Math.abs)).toFixed(4))
    }
    console.log('all', [.05,.1, .25, .5, .75, .9,.95].map((f) => q(all, f)).join(' '))
  }
  // hour of the first events against the lowest price so far
  for (const name of ['WETH', 'LINK', 'WBTC']) {
    const ev = day.positions.filter((p) => p.collateral === name).map((p) => p.events[0]).sort((a, b) => a.seconds - b.seconds)
    let low = 1e9
    console.log(name, ev.map((e) => { const t = `${(e.seconds/3600).toFixed(2)}:${(e.price/low-1).toFixed(3)}`; low = Math.min(low, e.price); return t }).join(' '))
  }
})
