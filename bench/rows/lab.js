/** How long the Lab takes to redraw while its slider moves, in a browser. */

import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import { missing, part } from '../measure.js'

const file = join(import.meta.dirname, '..', '..', 'dist', 'lab', 'lab.html')
const MOVES = 120
/** The first moves compile what the others run. */
const WARM_UP = 20
const BUDGET_MS = 16

/**
 * Opens a book of so many accounts, waits for its exact run, and moves the drop slider through it.
 *
 * Why: a headless browser without a graphics card draws its frames in software and waits for the next one, so the budget
 *      is on what the page itself does from the event on: script, style and layout. The time to the frame stands beside it.
 */
export async function lab(size) {
  const name = 'drop slider: event to laid-out pictures, p95'
  const browser = browserOnPath()
  if (browser === undefined) return [missing(name, 'ms', null, 'no chromium on PATH')]
  if (!existsSync(file)) return [missing(name, 'ms', null, 'dist/lab is missing: npm run build')]
  const { page, close } = await opened(browser)
  try {
    await page.goto(`${pathToFileURL(file).href}#${hashOf(size)}`)
    const before = performance.now()
    await page.waitForSelector('body:has(.chip) main[aria-busy="false"]', { timeout: 600_000 })
    const exact = performance.now() - before
    const { work, frame } = await page.evaluate(moved, MOVES + WARM_UP)
    const [laidOut, painted] = [work, frame].map((ms) => ms.slice(WARM_UP))
    return [
      part({ name, value: quantile(laidOut, 0.95), unit: 'ms', budget: BUDGET_MS }),
      part({ name: 'the same, median', value: quantile(laidOut, 0.5), unit: 'ms' }),
      part({ name: 'event to the frame, p95', value: quantile(painted, 0.95), unit: 'ms' }),
      part({ name: 'exact run on opening', value: exact, unit: 'ms' }),
    ]
  } finally {
    await close()
  }
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

/** In the page: moves the slider as a hand does, and waits for a frame after each move. */
async function moved(moves) {
  const slider = document.querySelector('.slider-main input[type=range]')
  const put = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set
  const work = []
  const frame = []
  for (let i = 0; i < moves; i++) {
    const drop = 0.05 + 0.25 * Math.abs(Math.sin(i / 13))
    const start = performance.now()
    put.call(slider, String(drop))
    slider.dispatchEvent(new Event('input', { bubbles: true }))
    document.body.getBoundingClientRect()
    work.push(performance.now() - start)
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
    frame.push(performance.now() - start)
  }
  return { work, frame }
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1]
}
