import { it } from 'vitest'
import { ETH, randomWorld, type WorldPlan } from './books.suite.ts'
import { referenceCascade } from './reference.suite.ts'
import { benchOf, simulate } from './simulate.ts'
it('x', () => {
  for (const text of process.env.CASES!.split('\n')) {
    const { drop, order, disposal, feedback, buys, ...plan } = JSON.parse(text)
    const world = randomWorld(plan as WorldPlan)
    const options = { order, disposal, feedback, buys }
    const bench = benchOf(world, ETH, options)
    const several = plan.claim || (plan.shorts && buys)
    const fast = simulate(bench, drop)
    const slow = referenceCascade(world, { asset: ETH, drop, only: several ? null : ETH }, options, fast.trace.row)
    console.log(text, 'lead', bench.prepared.lead, slow.row.length, fast.trace.row.length, slow.prices, [...fast.prices])
    const n = Math.max(slow.row.length, fast.trace.row.length)
    let shown = 0
    for (let i = 0; i < n && shown < 6; i++) {
      if (slow.row[i] === fast.trace.row[i] && slow.round[i] === fast.trace.round[i]) continue
      shown++
      console.log(i, 'slow', slow.row[i], 'r', slow.round[i],  'fast', fast.trace.row[i], 'r', fast.trace.round[i], 100 / fast.trace.key[i], fast.trace.key[i], fast.trace.price[i-1])
    }
  }
})
