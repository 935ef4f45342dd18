/** Sweeps a few paths of a book on so many threads, and prints the most that the process held. */

import { sharingBooks } from '../../dist/farm/books.js'
import { threads } from '../../dist/farm/executor.js'
import { measuresOf } from '../../dist/sweep/meter.js'
import { calmDay, lendingPositions } from '../days.js'

const [size, count] = process.argv.slice(2).map(Number)
const PATHS = 6

const scenario = sharingBooks()(calmDay(lendingPositions(size)))
const { account, asset, side, group, amount } = scenario.protocols[0].positions
const columns = [account, asset, side, group, amount]
const book = columns.reduce((sum, { byteLength }) => sum + byteLength, 0)
const measures = measuresOf(scenario, { extra: 'none' }).length
const executor = threads(count, { extra: 'none', measures, scenario: () => scenario }, null)
const tasks = Array.from({ length: PATHS }, (_, from) => ({
  id: String(from),
  spans: [{ cell: 0, from, count: 1 }],
}))
for await (const _ of executor.outcomes(tasks, () => false));
await executor.close()
process.stdout.write(JSON.stringify({ peak: process.resourceUsage().maxRSS * 1024, book }))
