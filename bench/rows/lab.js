/** How long the Lab takes to redraw while its slider moves, in a browser. */

import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import { missing, part } from '../measure.js'

const file = join(import.meta.dirname, '..', '..', 'dist', 'lab', 'lab.html')
const MOVES = 120
/** Each move is made so often, and its fastest time counts: the machine may serve others. */
const TURNS = 3
/** The first moves compile what the others run. */
const WARM_UP = 20
const BUDGET_MS = 16

/**
 * Opens a book of so many accounts, waits for its exact run, and moves the drop slider through it.
 *
 * Why: what a hand waits for is by the clock: from the event until script, style and layout have put the new pictures
 *      where they stand, and then until their frame. The budget is on the first: a headless browser without a graphics
 *      card paints its frames in software, beside everything else on this machine. Script alone is told in processor
 *      time of the page's thread. The last line counts every try and not the fastest, as it felt while others ran.
 */
export async function lab(size) {
  const name = 'drop slider: event to laid-out pictures, by the clock, p95'
  const browser = browserOnPath()
  if (browser === undefined) return [missing(name, 'ms', null, 'no chromium on PATH')]
  if (!existsSync(file)) return [missing(name, 'ms', null, 'dist/lab is missing: npm run build')]
  const { page, close } = await opened(browser)
  try {
    await page.goto(`${pathToFileURL(file).href}#${hashOf(size)}`)
    const before = performance.now()
    await page.waitForSelector('body:has(.chip) main[aria-busy="false"]', { timeout: 600_000 })
    const exact = performance.now() - before
    const moves = await movesOf(page)
    const line = (name, values, share, budget = null) =>
      part({ name, value: quantile(values, share), unit: 'ms', budget })
    const [work, frame, script] = ['work', 'frame', 'script'].map((key) => fastest(moves, key))
    return [
      line(name, work, 0.95, BUDGET_MS),
      line('the same, median', work, 0.5),
      line('event to the frame, by the clock, p95', frame, 0.95),
      line('the same, median', frame, 0.5),
      line('event to new pictures, script, p95', script, 0.95),
      line(
        'event to laid-out pictures, by the clock, p95 of all tries',
        moves.flat().map(({ work }) => work),
        0.95,
      ),
      part({ name: 'exact run on opening, by the clock', value: exact, unit: 'ms' }),
    ]
  } finally {
    await close()
  }
}

/** Times of each move's tries, ms; the first moves are left out. */
async function movesOf(page) {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const scriptMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return 1000 * metrics.find(({ name }) => name === 'ScriptDuration').value
  }
  const move = async (i) => {
    const before = await scriptMs()
    const times = await page.evaluate(moved, i)
    return { ...times, script: (await scriptMs()) - before }
  }
  for (let i = 0; i < WARM_UP; i++) await move(i)
  const moves = Array.from({ length: MOVES }, () => [])
  for (let turn = 0; turn < TURNS; turn++)
    for (let i = 0; i < MOVES; i++) moves[i].push(await move(i))
  return moves
}

/** Of each move the fastest of its times, ms. */
function fastest(moves, key) {
  return moves.map((tries) => Math.min(...tries.map((one) => one[key])))
}

function browserOnPath() {
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  return (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path))
}

async function opened(executablePath) {
  const { chromium } = await import('playwright-core')
  const args = ['--headless', '--no-sandbox', '--disable-gpu']
  const browser = await chromium.launch({ executablePath, args })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  return { page, close: () => browser.close() }
}

function hashOf(size) {
  const few = Math.max(1, Math.round(size / 4))
  const accounts = (i, n) => [`protocols.market.book.synthetic.${i}.accounts`, String(n)]
  const overrides = [accounts(0, size - few), accounts(1, few)]
  const draft = JSON.stringify({ entry: 'eth-lending', text: null, overrides })
  return `lab?s=${deflateRawSync(draft).toString('base64url')}`
}

/** In the page: moves the slider as a hand does, and waits for the frame. */
async function moved(i) {
  const slider = document.querySelector('.slider-main input[type=range]')
  const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')
  const start = performance.now()
  set.call(slider, String(0.05 + 0.25 * Math.abs(Math.sin(i / 13))))
  slider.dispatchEvent(new Event('input', { bubbles: true }))
  document.body.getBoundingClientRect()
  const work = performance.now() - start
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
  return { work, frame: performance.now() - start }
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1]
}
