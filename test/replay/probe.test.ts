import { expect, it } from 'vitest'
import { columnOf } from '../../src/table.ts'
import { BAR, MAIN, outcomeOf, recordedDay, scenarioOf, valueAt } from './may2021.suite.ts'
import { median, percent, printTable } from './recordings.suite.ts'
it('probe', () => {
  const day = recordedDay()
  const events = day.positions.flatMap((p) => p.events)
  console.log(day.all, day.positions.length, events.length, events.reduce((s, e) => s + e.repaid, 0), day.collaterals, [...day.bonus])
  const rows = []
  for (const v of [MAIN, { ...MAIN, sizes: 'whole day' as const }, { ...MAIN, path: 'closes' as const },{ ...MAIN, deviation: .01 },{ ...MAIN, delaySeconds: 0 },{ ...MAIN, delaySeconds: 120 },{ ...MAIN, threshold: .825 , only:'WETH'},{ ...MAIN, only:'WETH'},{ ...MAIN, only:'WETH', path:'closes' as const},
    { ...MAIN, pools: 1, only:'WETH' },{ ...MAIN, pools: 20, only:'WETH' },
    ...[.95,.98,.99,.995,1.005,1.01,1.02,1.05].map((shift)=>({...MAIN,shift}))]) {
    const t0 = performance.now()
    const { scenario, positions } = scenarioOf(day, v)
    const { events: table, report } = outcomeOf(scenario)
    const account = columnOf(table, 'account'), sec = columnOf(table, 'seconds')
    const first = positions.map(() => Number.NaN)
    account.forEach((a, i) => { if (Number.isNaN(first[a])) first[a] = sec[i] })
    const d = positions.map((p, a) => Math.floor(first[a] / BAR) - Math.floor(p.events[0].seconds / BAR))
    const c = (f: (x: number) => boolean) => d.filter(f).length
    const usd = positions.reduce((s,p,a)=> s + (d[a]===0||d[a]===1 ? p.events[0].repaid:0),0)/positions.reduce((s,p)=>s+p.events[0].repaid,0)
    rows.push([JSON.stringify(Object.fromEntries(Object.entries(v).filter(([k, x]) => x !== (MAIN as any)[k]))), positions.length, c((x) => x < -1), c((x) => x === -1), c((x) => x === 0), c((x) => x === 1), c((x) => x > 1), c(Number.isNaN), percent(c((x) => x === 0 || x === 1) / positions.length), percent(usd), table.rows, report.liquidators[0].priced_out, Math.round(performance.now() - t0)])
    const low = positions.map((p) => { const e = p.events[0]; let m = 1e9; for (const q of day.positions) if (q.collateral === p.collateral) for (const x of q.events) if (x.seconds < e.seconds) m = Math.min(m, x.price); return e.price <= m * 1.01 })
    const dl = d.filter((_, a) => low[a])
    const cl = (f: (x: number) => boolean) => dl.filter(f).length
    const within = (w: number) => dl.filter((x) => Math.abs(x) <= w).length
    rows[rows.length-1].push(dl.length, cl(x=>x<-1), cl(x=>x===-1), cl(x=>x===0), cl(x=>x===1), cl(x=>x>1), percent(cl((x) => x === 0 || x === 1) / dl.length), percent(within(1)/dl.length))
    if (v === MAIN) {
      const gap = events.filter(e=>e.collateral==='WETH').map((e) => 1)
      for (const name of day.collaterals) {
        const idx = positions.map((p, a) => [p, a] as const).filter(([p]) => p.collateral === name)
        console.log(name, idx.length, percent(idx.filter(([, a]) => d[a] === 0 || d[a] === 1).length / idx.length), 'early', idx.filter(([, a]) => d[a] <0).length, 'late', idx.filter(([, a]) => d[a] >1).length, 'never', idx.filter(([, a]) => Number.isNaN(d[a])).length)
      }
    }
  }
  printTable('x', ['v', 'n', '<-1', '-1', '0', '1', '>1', 'never', 'match','usd', 'events', 'pricedOut', 'ms','low','<-1','-1','0','1','>1','match','pm1'], rows)
  expect(1).toBe(1)
})
