/** How long a person waits for the lab: its first paint from a disk, its first numbers, and what a first visit is sent. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { interleave, part } from '../measure.js'

const folder = join(import.meta.dirname, '..', '..', 'dist', 'lab')
const draft = JSON.stringify({ entry: 'eth-lending', text: null, overrides: [] })
const link = `#lab?s=${deflateRawSync(draft).toString('base64url')}`

export async function labPage() {
  const profile = mkdtempSync(join(tmpdir(), 'firebreak-bench-'))
  const bare = join(profile, 'bare.html')
  writeFileSync(bare, '<!doctype html><title>bare</title><p>bare</p>')
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  })
  try {
    const lab = pathToFileURL(join(folder, 'lab.html')).href
    const best = await interleave({
      bare: () => opened(browser, pathToFileURL(bare).href, paint),
      lab: () => opened(browser, lab, paint),
      run: () => opened(browser, lab + link, numbers),
    })
    const reference = best.bare.ms
    const row = (name, value, budget) => part({ name, value, unit: 'ms', reference, budget })
    return [
      row('first paint of lab.html beside a bare page', best.lab.ms, 1000),
      row('eth-lending from its link to its numbers', best.run.ms, null),
      part({
        name: 'scripts of a first visit',
        value: sent() / 1000,
        unit: 'kB gzip',
        budget: 400,
      }),
    ]
  } finally {
    await browser.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function opened(browser, address, time) {
  const page = await browser.newPage()
  try {
    await page.goto(address)
    return { ms: await time(page), answer: null }
  } finally {
    await page.close()
  }
}

/** Milliseconds from the navigation to the first words on the screen. */
const paint = (page) =>
  page.evaluate(
    () =>
      new Promise((done) => {
        const look = (list) => {
          const found = list.getEntriesByName('first-contentful-paint')[0]
          if (found !== undefined) done(found.startTime)
        }
        new PerformanceObserver(look).observe({ type: 'paint', buffered: true })
      }),
  )

const numbers = async (page) => {
  await page.waitForSelector('.headlines .number')
  return await page.evaluate(() => performance.now())
}

/** Bytes of `lab.js`, `worker.js` and what they import at once, each compressed. */
function sent() {
  const names = new Set(['lab.js', 'worker.js'])
  let bytes = 0
  for (const name of names) {
    const script = readFileSync(join(folder, name), 'utf8')
    bytes += gzipSync(script).length
    for (const [, part] of script.matchAll(/(?:from|import)"\.\/([^"]+)"/g))
      names.add(name.startsWith('parts/') ? `parts/${part}` : part)
  }
  return bytes
}

function chromiumPath() {
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const paths = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((place) => names.map((name) => join(place, name)))
  const found = paths.find((path) => existsSync(path))
  if (found === undefined) throw new Error('no chromium on PATH')
  return found
}
