import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shortId } from '../../src/format.ts'
import { complaintsOfAxe } from './axe.suite.ts'
import { hashOf, hasLab, type Lab, openLab, untilRan } from './lab.suite.ts'

const root = join(import.meta.dirname, '../..')
const overrides = [
  ['shock.drop', '14%'],
  ['depth.haircut', '20%'],
] as const
const changed = hashOf('lab', 'eth-lending', overrides)

/** What a shell prints for a command that the page says. */
const typed = (command: string) =>
  execFileSync('sh', ['-c', command], { cwd: root, encoding: 'utf8', maxBuffer: 1e8 })

let lab: Lab
let page: Page
let json: string

describe.skipIf(!hasLab)('the shell of the lab', { retry: 1 }, () => {
  beforeAll(async () => {
    lab = await openLab()
    page = lab.page
    json = typed('node bin/firebreak.js run eth-lending --drop 14% --set depth.haircut=20% --json')
  })
  afterAll(() => lab?.close())

  const button = (name: string) =>
    page.getByRole('button', { name, exact: true }).filter({ visible: true })

  it('default: a shared link gives the same run in another browser, equal to the command in it', async () => {
    await lab.visit(changed)
    await untilRan(page)
    await page.keyboard.press('s')
    const given = page.getByLabel('Link', { exact: true })
    // It is packed while the dialog already stands.
    await expect.poll(() => given.inputValue(), { timeout: 10_000 }).toContain('#lab?s=')
    const link = await given.inputValue()
    const command = await page.locator('dialog pre').textContent()
    expect(await page.textContent('dialog')).toContain('depth.haircut=20%')
    expect(typed(`${command} --json`)).toBe(json)
    const other = await openLab()
    try {
      await other.visit(new URL(link).hash.slice(1))
      await untilRan(other.page)
      const { run_id } = JSON.parse(json)
      expect(await other.page.textContent('.match-chip')).toBe('Recomputed here: matches')
      expect(await other.page.textContent('.notice')).toBe(
        `Recomputed here: matches run ${shortId(run_id)}`,
      )
      expect(await exported(other.page, 'JSON of the run')).toMatchObject({ text: json })
      expect(other.complaints).toEqual([])
    } finally {
      await other.close()
    }
  })

  it('default: every file is right, named after the run, and says how to make it again', async () => {
    await lab.visit(changed)
    await untilRan(page)
    const run = JSON.parse(json).run_id
    const short = shortId(run).replace('…', '-')
    const command = 'firebreak run eth-lending --drop 14% --set depth.haircut=20%'

    const svg = await exported(page, 'SVG of cobweb')
    expect(svg.name).toBe(`eth-lending-cobweb-${short}.svg`)
    const [, width, height] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg.text)!.map(Number)
    expect(width).toBe(800)
    for (const words of [command, `run ${shortId(run)} · seed 42`, 'closes at'])
      expect(svg.text).toContain(words)

    const png = await exported(page, 'PNG 2x of cobweb')
    expect(png.name).toBe(`eth-lending-cobweb-${short}.png`)
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG')
    expect([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)]).toEqual([1600, 2 * height])

    const csv = await exported(page, 'CSV of cobweb')
    const [head, first] = csv.text.split('\n')
    expect(head).toMatch(/^run_id,seed,.*,data_as_of,rerun$/)
    expect(first).toMatch(new RegExp(`^${run},42,.*,,${command.replaceAll('.', '[.]')}$`))

    const html = await exported(page, 'HTML of the run')
    expect(html.name).toBe(`eth-lending-report-${short}.html`)
    const folder = mkdtempSync(join(tmpdir(), 'firebreak-lab-'))
    typed(
      `node bin/firebreak.js report eth-lending --drop 14% --set depth.haircut=20% --out ${folder}/own.html`,
    )
    expect(html.text).toBe(readFileSync(join(folder, 'own.html'), 'utf8'))
    rmSync(folder, { recursive: true })
    expect(lab.complaints).toEqual([])
  })

  it('error: a link that was cut says so, and what to do; examples are there to open', async () => {
    await lab.visit(changed.slice(0, 60))
    await expectText('alert', 'the link is broken')
    await button('Dismiss').click()
    expect(await page.getByRole('alert').count()).toBe(0)
    await page.getByText('two-protocols', { exact: true }).click()
    await untilRan(page)
    expect(await page.textContent('.run-chip')).toContain('two-protocols')
  })

  it('boundary: a link to a screen that there is not opens the run on the first one', async () => {
    await lab.visit(changed.replace('lab?', 'heatmap?'))
    await untilRan(page)
    expect(await page.textContent('.notice')).toContain('screen heatmap, which there is not')
    expect(await page.getAttribute('.bar [aria-current]', 'aria-current')).toBe('page')
  })

  it('behaviour: a run that differs from the one of the link says why', async () => {
    await lab.visit(`${changed}&run=00112233445566&engine=0.0.9`)
    await untilRan(page)
    expect(await page.textContent('.notice')).toContain('sender saw 0011…: the link was made by')
  })

  it('error: a value that the engine refuses is named, its code explained, and can be undone', async () => {
    await lab.visit(hashOf('lab', 'eth-lending', [['shock.drop', '83']]))
    await expectText('alert', 'got 83')
    await button('FB2011').click()
    await page.getByText('may mean percent, basis points', { exact: false }).waitFor()
    await page.keyboard.press('Escape')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('FB2011')
    expect(await complaintsOfAxe(page)).toEqual([])
    expect(lab.complaints).toEqual([])
  })

  it('error: an engine that dies says so, and runs again', async () => {
    let isDead = true
    await page.route('**/worker.js', async (route) => {
      if (isDead) await route.fulfill({ body: 'throw new Error("no memory")' })
      else await route.continue()
    })
    await lab.visit(changed)
    await expectText('alert', 'The engine ended without an answer')
    isDead = false
    await button('Run again').click()
    await untilRan(page)
    expect(await page.getByRole('alert').count()).toBe(0)
    await page.unroute('**/worker.js')
  })

  it('behaviour: a long run shows how far it is, and can be cancelled', async () => {
    await lab.visit('')
    await page.getByRole('button', { name: 'black-thursday', exact: true }).click()
    await page.getByText('accounts', { exact: false }).first().waitFor()
    expect(await page.textContent('.standing')).toMatch(/black-thursday/)
    await button('Cancel').click()
    await page.getByText('Where do liquidations feed on themselves?').waitFor()
    expect(lab.complaints).toEqual([])
  })

  it('behaviour: everything is reached by keys alone, and focus goes back where it was', async () => {
    await lab.visit('')
    await page.getByText('rules/aaveV2', { exact: true }).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('eth lend')
    await page.keyboard.press('Enter')
    await untilRan(page)
    const current = () => page.textContent('.bar [aria-current]')
    await page.keyboard.press('-')
    await page.waitForURL((url) => url.hash.length > 200)
    await page.keyboard.press('z')
    await page.waitForURL((url) => url.hash.length < 200)
    await page.keyboard.press('3')
    expect(await current()).toBe('Walls')
    await page.keyboard.press('1')
    await button('Share').focus()
    await page.keyboard.press('Enter')
    const focused = () => page.evaluate('document.activeElement.ariaLabel')
    expect(await focused()).toBe('Copy the link')
    await page.keyboard.press('3')
    expect(await current()).toBe('Lab')
    await page.keyboard.press('Escape')
    expect(await focused()).toBe('Share')
    await page.keyboard.press('?')
    expect(await page.textContent('dialog')).toMatch(/1 to 7Go to a screen/)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('slow')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.run-chip:has-text("slow-oracle")')
    await page.keyboard.press('z')
    await page.waitForSelector('.run-chip:has-text("eth-lending")')
  })

  it('default: the theme is the system’s until one is chosen', async () => {
    const theme = () => page.evaluate('document.documentElement.dataset.theme')
    await lab.visit(changed, { theme: 'dark' })
    expect(await theme()).toBe('dark')
    await page.emulateMedia({ colorScheme: 'light' })
    await page.waitForSelector('html[data-theme="light"]')
    await button('Dark theme').click()
    expect(await theme()).toBe('dark')
    await lab.visit(changed, { theme: 'light' })
    expect(await theme()).toBe('dark')
    await page.evaluate('localStorage.clear()')
  })

  it('default: a phone has its screens at the thumb and everything else in the menu', async () => {
    await lab.visit(changed)
    await untilRan(page)
    await page.setViewportSize({ width: 360, height: 800 })
    const tooWide =
      '[...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().width > 360).length'
    await expect.poll(() => page.evaluate(tooWide), { timeout: 20_000 }).toBe(0)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    await button('More').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Compare' }).click()
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await page.textContent('.tabbar [aria-current]')).toBe('More')
    await button('Menu').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click()
    expect(await page.getByRole('dialog').textContent()).toContain('The whole run')
  })

  it.each(['light', 'dark'] as const)('law: axe finds nothing wrong, %s', async (theme) => {
    await lab.visit('', { theme })
    await page.getByText('rules/aaveV2', { exact: true }).waitFor()
    expect(await complaintsOfAxe(page)).toEqual([])
    await lab.visit(changed, { theme })
    await untilRan(page)
    for (const key of ['s', 'e', '?', 'Control+k']) {
      await page.keyboard.press(key)
      await page.getByRole('dialog').waitFor()
      expect(await complaintsOfAxe(page)).toEqual([])
      await page.keyboard.press('Escape')
    }
    await lab.visit(changed, { theme, width: 360, height: 800 })
    await untilRan(page)
    await button('More').click()
    expect(await complaintsOfAxe(page)).toEqual([])
  })

  async function expectText(role: 'alert', text: string): Promise<void> {
    const found = page.getByRole(role)
    await found.waitFor()
    expect(await found.textContent()).toContain(text)
  }
})

/** Saves a file by the export dialog, which is opened and closed for it. */
async function exported(page: Page, name: string) {
  await page.keyboard.press('e')
  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name, exact: true }).click()
  const download = await coming
  await page.keyboard.press('Escape')
  const bytes = readFileSync(await download.path())
  return { name: download.suggestedFilename(), bytes, text: bytes.toString('utf8') }
}
