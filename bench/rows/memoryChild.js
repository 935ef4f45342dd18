/** Builds a book as the engine does, sweeps it, prepares its response curve, and prints what the process holds. */

import { ladderFrom } from '../../dist/analysis/ladder.js'
import { leastCascade, responseCurve } from '../../dist/analysis/responseCurve.js'
import { bookFrom, healthSweep } from '../../dist/book.js'
import { fallingBook, OPENING } from '../data.js'
import { poolCurve } from './pool.js'

const MB = 1e6
const THRESHOLD = 0.8
const DROP = 0.2
const size = Number(process.argv[2])
const bare = process.memoryUsage.rss() / MB

const { book, reserve } = read()
const values = Float64Array.of(OPENING * (1 - DROP) * THRESHOLD, 1)
const out = new Uint32Array(size)
const breached = healthSweep(book, values, out)
const response = prepare()
const taken = leastCascade(response, OPENING * (1 - DROP))
const resident = process.memoryUsage.rss() / MB
const peak = (process.resourceUsage().maxRSS * 1024) / MB
process.stdout.write(JSON.stringify({ resident, peak, bare, breached, taken }))

// The columns that the book is made from live in here, as the rows of a file would.
function read() {
  const { trigger, units, reserve } = fallingBook(size)
  const legs = []
  for (let i = 0; i < size; i++) {
    legs.push({ account: i, slot: 0, amount: units[i] })
    legs.push({ account: i, slot: 1, amount: -units[i] * trigger[i] * THRESHOLD })
  }
  return { book: bookFrom(size, legs), reserve }
}

function prepare() {
  const trigger = new Float64Array(size)
  const units = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    units[i] = book.amount[2 * i]
    trigger[i] = -book.amount[2 * i + 1] / (units[i] * THRESHOLD)
  }
  return responseCurve(ladderFrom(trigger, units), poolCurve(reserve))
}
