/** A full health sweep of a two-leg book, against C and numpy. */

import { healthSweep } from '../../dist/book.js'
import { twoLegBook } from '../data.js'
import { interleave, missing, part, same, timed } from '../measure.js'
import { references } from '../references.js'

/** Sweeps in a turn: one alone is too short to trust a clock with. */
const PASSES = 30

export async function sweep(size) {
  const { book, values } = twoLegBook(size)
  const out = new Uint32Array(size)
  const { c, numpy, close } = references({
    'slot.u16': book.slot,
    'amount.f64': book.amount,
    'values.f64': values,
  })
  try {
    const contestants = { firebreak: () => timed(() => healthSweep(book, values, out), PASSES) }
    if (c.ask) contestants.c = () => c.ask(`sweep ${PASSES}`)
    if (numpy.ask) contestants.numpy = () => numpy.ask('sweep 3')
    const best = await interleave(contestants)
    const { ms, answer: found } = best.firebreak
    const sum = out.subarray(0, found).reduce((total, i) => total + i, 0)
    return [
      part({
        name: 'health sweep against C',
        value: ms,
        unit: 'ms',
        reference: best.c?.ms,
        budget: 1.3,
        bounds: 'ratio',
      }),
      part({
        name: 'health sweep against numpy',
        value: ms,
        unit: 'ms',
        reference: best.numpy?.ms,
      }),
      ...agree('C', c, best.c),
      ...agree('numpy', numpy, best.numpy),
    ]

    function agree(name, reference, theirs) {
      const title = `breached accounts, same in ${name}`
      if (reference.missing) return [missing(title, 'accounts', found, reference.missing)]
      const [count, total] = theirs.answer
      return [
        same(title, 'accounts', found, count),
        same(`sum of their indices, same in ${name}`, 'index', sum, total),
      ]
    }
  } finally {
    close()
  }
}
