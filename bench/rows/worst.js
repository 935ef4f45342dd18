/** A book that stays breached for hours, because nobody can sell what it would be liquidated for. */

import { crowdedPositions, worstDay } from '../days.js'
import { live, proof, turnsOf } from '../loop.js'
import { interleave, part } from '../measure.js'

const HOUR_BLOCKS = 300

export async function worstBook(size) {
  const scenario = worstDay(crowdedPositions(size))
  const breached = []
  const day = turnsOf(() => live(scenario, noteHours(breached)))
  const { worst } = await interleave({ worst: day.turn })
  const { settlements } = worst.answer
  return [
    part({ name: 'a day of a breached book', value: worst.ms, unit: 'ms', budget: 2000 }),
    part({ name: 'settlements', value: settlements, unit: '' }),
    part({ name: 'each of them', value: (worst.ms * 1000) / settlements, unit: 'us' }),
    ...[1, 3, 6, 12].map((hours) =>
      part({ name: `breached after ${hours} h`, value: breached[hours], unit: 'accounts' }),
    ),
    ...proof('worst', worst, day),
  ]
}

function noteHours(breached) {
  return ({ posts }, block) => {
    if (block % HOUR_BLOCKS === 0) breached[block / HOUR_BLOCKS] = posts[0].watch.breached()
  }
}
