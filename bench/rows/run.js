/** Blocks of a day on one thread: nobody breached, and then what every settlement adds. */

import {
  BLOCKS,
  calmDay,
  fallingDay,
  idleDay,
  lendingPositions,
  quietDay,
  unattributed,
} from '../days.js'
import { breachedBy, indexSum, live, proof, turnsOf } from '../loop.js'
import { interleave, missing, part, same } from '../measure.js'
import { references } from '../references.js'

/** A full scan of every block takes long: numpy looks at one in so many, and its time is multiplied. */
const EVERY = 60

export async function run(size) {
  const positions = lendingPositions(size)
  const twice = lendingPositions(2 * size)
  const idle = idleSamples(positions)
  const { numpy, close } = references(idle.columns)
  const days = {
    bare: turnsOf(() => live(quietDay(positions))),
    calm: turnsOf(() => live(unattributed(calmDay(positions)))),
    falling: turnsOf(() => live(unattributed(fallingDay(positions)))),
    twice: turnsOf(() => live(unattributed(fallingDay(twice)))),
    attributed: turnsOf(() => live(fallingDay(positions))),
  }
  try {
    const contestants = Object.fromEntries(
      Object.entries(days).map(([name, { turn }]) => [name, turn]),
    )
    if (numpy.ask) contestants.numpy = () => numpy.ask('blocks 1')
    const best = await interleave(contestants)
    return [
      ...times(best),
      ...agree(numpy, best.numpy, idle),
      part({ name: 'bare: settlements', value: best.bare.answer.settlements, unit: '', budget: 0 }),
      ...Object.entries(days).flatMap(([name, turns]) => proof(name, best[name], turns)),
    ]
  } finally {
    close()
  }
}

function times({ bare, calm, falling, twice, attributed, numpy }) {
  const scan = numpy && numpy.ms * EVERY
  const each = ({ ms, answer }) => ((ms - bare.ms) * 1000) / answer.settlements
  const settled = (name, day) =>
    part({
      name: `each of ${day.answer.settlements} settlements of a ${name} day`,
      value: each(day),
      unit: 'us',
      budget: 2,
    })
  const unit = 'ms'
  return [
    part({ name: `bare: ${BLOCKS} blocks, nobody breached`, value: bare.ms, unit, budget: 30 }),
    part({
      name: 'bare against numpy, which looks at everybody',
      value: bare.ms,
      unit,
      reference: scan,
      budget: 1 / 50,
      bounds: 'ratio',
    }),
    part({ name: 'opening of a falling day', value: falling.answer.opening, unit }),
    settled('falling', falling),
    settled('calm', calm),
    part({
      name: 'a falling day of twice the book against it',
      value: twice.ms,
      unit,
      reference: falling.ms,
      budget: 2.3,
      bounds: 'ratio',
    }),
    part({
      name: 'settlements of twice the book, beside the book',
      value: twice.answer.settlements,
      unit: '',
      reference: falling.answer.settlements,
    }),
    part({ name: 'calm day', value: calm.ms, unit }),
    part({
      name: 'a falling day with eight generations of sales told apart, against it',
      value: attributed.ms,
      unit,
      reference: falling.ms,
    }),
  ]
}

/** Lives through a day on which nobody acts, and notes in some blocks who is breached, at which values. */
function idleSamples(positions) {
  const accounts = positions.accounts.length
  const values = []
  let count = 0
  let sum = 0
  let book
  live(idleDay(positions), ({ posts }, block) => {
    if (block % EVERY !== 0) return
    const [{ watch, protocol }] = posts
    const seen = breachedBy(watch, accounts)
    values.push(...protocol.values)
    count += seen.length
    sum += indexSum(seen)
    book = protocol.book
  })
  const columns = {
    'slot.u16': book.slot,
    'amount.f64': book.amount,
    'values.f64': Float64Array.from(values),
    'rows.f64': Float64Array.of(BLOCKS / EVERY),
  }
  return { columns, count, sum }
}

function agree(numpy, theirs, { count, sum }) {
  const title = 'idle: breached accounts of sampled blocks, same in numpy'
  if (numpy.missing) return [missing(title, 'accounts', count, numpy.missing)]
  return [
    same(title, 'accounts', count, theirs.answer[0]),
    same('idle: sum of their indices, same in numpy', 'index', sum, theirs.answer[1]),
  ]
}
