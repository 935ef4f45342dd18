/**
 * Takes the pictures of `docs/lab.md` from the built lab, in a headless Chromium: `npm run shots`.
 * They show bundled examples, so that anybody can make them again.
 */

import { existsSync, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import { chromium } from 'playwright-core'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, 'docs/lab')
const WAIT_MS = 120_000
const SETTLE_MS = 1000
const desk = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }

/** Name, screen, scenario, size, theme. */
const shots = [
  ['lab', 'lab', 'eth-lending', desk, 'light'],
  ['lab-dark', 'lab', 'eth-lending', desk, 'dark'],
  ['lab-phone', 'lab', 'eth-lending', phone, 'light'],
  ['lab-in-time', 'lab', 'black-thursday', desk, 'light'],
  ['replay', 'replay', 'eth-lending', desk, 'light'],
  ['replay-in-time', 'replay', 'slow-oracle', desk, 'dark'],
  ['walls', 'walls', 'eth-lending', desk, 'light'],
  ['phase', 'phase', 'eth-lending', desk, 'light'],
  ['compare', 'compare', 'eth-lending', desk, 'light'],
  ['live', 'live', 'eth-lending', desk, 'light'],
  ['report', 'report', 'eth-lending', desk, 'light'],
]

const browser = await chromium.launch({
  executablePath: chromiumPath(),
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
})
mkdirSync(out, { recursive: true })
for (const [name, screen, entry, viewport, colorScheme] of shots) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(addressOf(screen, entry))
  await page.waitForSelector('body:has(.chip) main[aria-busy="false"]', { timeout: WAIT_MS })
  await page.waitForTimeout(SETTLE_MS)
  // What still computes can be cancelled.
  const cancel = page.getByRole('button', { name: 'Cancel', exact: true })
  await cancel.waitFor({ state: 'hidden', timeout: WAIT_MS })
  await page.screenshot({ path: join(out, `${name}.png`) })
  console.log(join('docs/lab', `${name}.png`))
  await context.close()
}
await browser.close()

/** The page from the disk with a scenario in its link. */
function addressOf(screen, entry) {
  const draft = { entry, text: null, overrides: [] }
  const packed = deflateRawSync(JSON.stringify(draft)).toString('base64url')
  return `${pathToFileURL(join(root, 'dist/lab/lab.html')).href}#${screen}?s=${packed}`
}

function chromiumPath() {
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const folders = (process.env.PATH ?? '').split(delimiter)
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  const found = paths.find((path) => existsSync(path))
  if (found === undefined) throw new Error('no chromium on PATH: apt-get install chromium')
  return found
}
