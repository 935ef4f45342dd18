import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { diskSource } from '../../src/ingest/files.ts'
import { readScenario } from '../../src/ingest/read.ts'
import type { Report } from '../../src/report.ts'
import { run } from '../../src/run.ts'
import { complaintsOfAxe } from './axe.suite.ts'
import { hashOf, hasLab, type Lab, openLab, untilRan } from './lab.suite.ts'

let lab: Lab
let folder: string

/** Positions as another program might write them: a row for each leg. */
function legs() {
  return Array.from({ length: 1000 }, (_, i) => {
    const units = Number((1 + (i % 97) * 3.25).toFixed(2))
    const health = 1.03 + ((i * 37) % 100) / 60
    const debt = Number(((units * 2000 * 0.83) / health).toFixed(2))
    const user = `0x${i.toString(16).padStart(40, '0')}`
    return [
      { user, token: 'ETH', position_type: 'supply', qty: units },
      { user, token: 'USDC', position_type: 'borrow', qty: debt },
    ]
  }).flat()
}

function csvOf(rows: readonly Readonly<Record<string, string | number>>[]): string {
  return [Object.keys(rows[0]), ...rows.map((row) => Object.values(row))].join('\n')
}

const depth = Array.from({ length: 40 }, (_, i) => ({ px: 1998 - 5 * i, volume: 900 + 40 * i }))

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function exampleText(): string {
  return readFileSync(join(import.meta.dirname, '../../examples/eth-lending.yaml'), 'utf8')
}

/** Gives files to the page by a button of it. */
async function choose(page: Page, ...paths: string[]): Promise<void> {
  await page.locator('input.choose').first().setInputFiles(paths)
}

/** Drops a file on the page, as a hand would. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const carried = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}))
    return transfer
  })()`)
  for (const event of ['dragenter', 'dragover', 'drop'])
    await page.dispatchEvent('body', event, { dataTransfer: carried })
}

/** The text that stands in the editor. */
function textOf(page: Page): Promise<string> {
  return page.locator('.editor textarea').inputValue()
}

async function openScenario(page: Page): Promise<void> {
  await page.locator('.data-chip').click()
  await page.getByRole('button', { name: 'Scenario', exact: true }).click()
  await expect.poll(() => textOf(page)).not.toBe('')
}

/** The first part of a run id, as the page shows it. */
async function idShown(page: Page): Promise<string> {
  return /run (\w{4})/.exec((await page.textContent('.run-chip')) ?? '')?.[1] ?? ''
}

async function untilId(page: Page, id: string): Promise<void> {
  await page.locator('.run-chip').getByText(`run ${id}`).waitFor()
}

async function idOf(entry: string, overrides: readonly (readonly [string, string])[] = []) {
  const { runId } = await readScenario(entry, diskSource(folder), overrides)
  return runId.slice(0, 4)
}

describe.skipIf(!hasLab)('the drawers and dropped files of the lab', { retry: 1 }, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'firebreak-drop-'))
    lab = await openLab()
  })
  beforeEach(() => {
    lab.complaints.length = 0
  })
  afterAll(async () => {
    await lab?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('default: an error in the text has its place and a remedy, and the last result stays', async () => {
    const { page } = lab
    await lab.visit(hashOf('lab', 'eth-lending'))
    await untilRan(page)
    const before = await idShown(page)
    await openScenario(page)
    const text = await textOf(page)
    const line = text.split('\n').findIndex((one) => one.startsWith('ignition:')) + 1
    await page.locator('.editor textarea').fill(text.replace('ignition:', 'igniton:'))
    const said = page.locator('.editor-said')
    await said.getByText('FB2050').waitFor()
    expect(await said.textContent()).toContain(`eth-lending.yaml:${line}:1`)
    expect(await said.textContent()).toContain('Did you mean ignition?')
    expect(await page.locator('.editor-wrong').count()).toBe(1)
    await page.locator('.editor textarea').press('Control+Enter')
    expect(await idShown(page)).toBe(before)
    await page.getByRole('button', { name: `Go to line ${line}` }).click()
    await page.keyboard.type('x')
    expect((await textOf(page)).split('\n')[line - 1]).toBe('xigniton: { tolerance: 5% }')
    await page.locator('.editor textarea').fill(text.replace('drop: 15%', 'drop: 7%'))
    await said.getByText('It reads').waitFor()
    await page.locator('.editor textarea').press('Control+Enter')
    const after = await idOf('eth-lending', [['shock.drop', '7%']])
    await untilId(page, after)
    expect(lab.complaints).toEqual([])
  })

  it('default: what sliders change is written into the text, and is the same run', async () => {
    const { page } = lab
    const overrides = [
      ['depth.haircut', '50%'],
      ['shock.drop', '9%'],
    ] as const
    await lab.visit(hashOf('lab', 'eth-lending', overrides))
    await untilRan(page)
    const before = await idShown(page)
    expect(before).toBe(await idOf('eth-lending', overrides))
    await openScenario(page)
    await page.getByRole('button', { name: 'Write them into the text' }).click()
    await page.getByText('The controls have changed nothing').waitFor()
    expect(await textOf(page)).toContain('depth: { haircut: 50% }')
    expect(await textOf(page)).toContain('# Most borrow with room to spare')
    await untilRan(page)
    expect(await idShown(page)).toBe(before)
    expect(lab.complaints).toEqual([])
  })

  it('default: an override is taken away by its button', async () => {
    const { page } = lab
    await lab.visit(hashOf('lab', 'eth-lending', [['depth.haircut', '50%']]))
    await untilRan(page)
    await openScenario(page)
    await page.getByRole('button', { name: 'Remove depth.haircut' }).click()
    await untilId(page, await idOf('eth-lending'))
  })

  it('default: a dropped CSV and its depth run as Node runs the same files', async () => {
    const { page } = lab
    put('positions.csv', csvOf(legs()))
    put('depth.csv', csvOf(depth))
    await lab.visit('')
    await drop(page, 'positions.csv', csvOf(legs()))
    await page.getByText('2,000 rows').waitFor()
    expect(await page.getByLabel('Side: collateral or debt').inputValue()).toBe('position_type')
    await choose(page, join(folder, 'depth.csv'))
    await page.getByText('Bids come from depth.csv').waitFor()
    await page.getByLabel('Price of ETH').fill('$2000')
    await page.getByRole('button', { name: 'Make the scenario and run' }).click()
    await untilRan(page)
    await openScenario(page)
    put('made.yaml', await textOf(page))
    expect(await idShown(page)).toBe(await idOf('made.yaml'))
    expect(lab.complaints).toEqual([])
  })

  it('default: a Parquet file runs as Node runs it, with depth that is assumed', async () => {
    const { page } = lab
    const rows = legs()
    const names = ['user', 'token', 'position_type', 'qty'] as const
    const columnData = names.map((name) => ({
      name,
      data: rows.map((row) => row[name]),
      type: name === 'qty' ? ('DOUBLE' as const) : ('STRING' as const),
    }))
    const path = put('book.parquet', new Uint8Array(parquetWriteBuffer({ columnData })))
    await lab.visit('')
    await choose(page, path)
    await page.getByLabel('Price of ETH').fill('2000')
    expect(await page.getByLabel('Bids for ETH within 10 %').inputValue()).toBe('$31M')
    await page.getByRole('button', { name: 'Make the scenario and run' }).click()
    await untilRan(page)
    await openScenario(page)
    put('made.yaml', await textOf(page))
    expect(await idShown(page)).toBe(await idOf('made.yaml'))
    expect(lab.complaints).toEqual([])
  })

  it('default: a file that a link names is asked for, and put in its place', async () => {
    const { page } = lab
    const text = exampleText()
    const bands = /bands: .*/.exec(text)![0]
    const own = text.replace(bands, 'file: depth.csv\n      levels: relative')
    put('linked.yaml', own)
    const path = put(
      'depth.csv',
      csvOf(depth.map(({ px, volume }) => ({ price: px, size: volume }))),
    )
    await lab.visit(hashOf('lab', 'linked.yaml', [], own))
    await page.getByRole('button', { name: 'Choose depth.csv' }).waitFor()
    await choose(page, path)
    await untilRan(page)
    expect(await idShown(page)).toBe(await idOf('linked.yaml'))
    expect(await page.locator('[role="alert"]').count()).toBe(0)
  })

  it('default: depth alone takes the place of a venue of the scenario on screen', async () => {
    const { page } = lab
    await lab.visit(hashOf('lab', 'eth-lending'))
    await untilRan(page)
    await drop(page, 'depth.csv', csvOf(depth))
    await page.getByLabel('In the place of').waitFor()
    await page.getByRole('button', { name: 'Use it and run' }).click()
    await page.locator('dialog').waitFor({ state: 'detached' })
    put('depth.csv', csvOf(depth))
    const venue =
      '{ kind: orderBook, asset: ETH, quote: USD, file: depth.csv, beyond: linear, ' +
      'columns: { price: px, size: volume }, levels: relative }'
    put('base.yaml', exampleText())
    await untilId(page, await idOf('base.yaml', [['market.venues.book', venue]]))
  })

  it('edge: a CSV of 200 MB is refused before it is read', async () => {
    const { page } = lab
    const path = join(folder, 'large.csv')
    const block = Buffer.alloc(10_000_000, '0x00,ETH,debt,1\n')
    const file = Array.from({ length: 20 }, () => block)
    writeFileSync(path, Buffer.concat([Buffer.from('account,asset,side,amount\n'), ...file]))
    await lab.visit('')
    await choose(page, path)
    await page.getByText('FB4009').waitFor()
    expect(await page.textContent('dialog')).toContain('up to 64 MB')
    rmSync(path)
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()
    await page.getByText('eth-lending', { exact: true }).click()
    await untilRan(page)
  })

  it('edge: broken files say what is wrong, and the page stays usable', async () => {
    const { page } = lab
    await lab.visit('')
    const utf16 = Buffer.from('\ufeffaccount,asset,side,amount\na,ETH,debt,1\n', 'utf16le')
    const broken = [
      [put('utf16.csv', utf16), 'FB4003'],
      [put('ragged.csv', 'account,asset,side,amount\na,ETH\n'), 'FB4004'],
      [put('empty.csv', ''), 'FB4002'],
      [put('one.csv', 'notes\nhello\n'), 'FB4005'],
      [put('no.parquet', 'PAR1 but no more'), 'FB4004'],
    ] as const
    for (const [path, code] of broken) {
      await choose(page, path)
      await page.locator('dialog').getByText(code).waitFor()
      await page.keyboard.press('Escape')
      await page.locator('dialog').waitFor({ state: 'detached' })
    }
    await page.getByText('eth-lending', { exact: true }).click()
    await untilRan(page)
    expect(lab.complaints).toEqual([])
  })

  it('edge: a row that cannot be judged is told with its line, and the dialog stays', async () => {
    const { page } = lab
    await lab.visit('')
    const path = put('minus.csv', 'account,asset,side,amount\na,ETH,collateral,1\na,USDC,debt,-5\n')
    await choose(page, path)
    await page.getByLabel('Price of ETH').fill('2000')
    await page.getByRole('button', { name: 'Make the scenario and run' }).click()
    await page.getByText('minus.csv:3, column amount').waitFor()
    expect(await page.locator('dialog').count()).toBe(1)
  })

  it('default: a scenario file opens at once, and one that does not read opens in its editor', async () => {
    const { page } = lab
    await lab.visit('')
    const text = exampleText()
    await choose(page, put('mine.yaml', text.replace('drop: 15%', 'drop: 8%')))
    await untilRan(page)
    expect(await idShown(page)).toBe(await idOf('eth-lending', [['shock.drop', '8%']]))
    await drop(page, 'wrong.yaml', text.replace('seed: 42', 'sead: 42'))
    await page.locator('.editor-said').getByText('Did you mean seed?').waitFor()
    expect(lab.complaints).toEqual([])
  })

  it('default: data and method say what the run was made of, to the cent', async () => {
    const { page } = lab
    await lab.visit(hashOf('lab', 'eth-lending'))
    await untilRan(page)
    await page.locator('.data-chip').click()
    await page.getByText('Synthetic: 2,418 accounts').waitFor()
    await page.getByText('Pessimistic:').waitFor()
    await page.getByRole('button', { name: 'Method', exact: true }).click()
    await page.getByText('One account, worked out').click()
    const { scenario, runId, engineVersion, data } = await readScenario(
      'eth-lending',
      diskSource('.'),
    )
    const report = run(scenario, { runId, engineVersion, data }) as Report
    const owed = report.accounts.find(({ repaid_usd }) => repaid_usd > 0)!.debt_usd
    const cents = owed.toLocaleString('en-US', { minimumFractionDigits: 2 })
    expect(await page.locator('.worked').first().textContent()).toContain(`/ $${cents}`)
    expect(lab.complaints).toEqual([])
  })

  it('default: all of it by keys alone', async () => {
    const { page } = lab
    await lab.visit(hashOf('lab', 'eth-lending'))
    await untilRan(page)
    await page.locator('.data-chip').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Data' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect.poll(() => textOf(page)).not.toBe('')
    for (let n = 0; n < 8; n++) {
      await page.keyboard.press('Tab')
      if ((await focused(page)) === 'TEXTAREA') break
    }
    await page.keyboard.press('Control+End')
    await page.keyboard.type('order: batch')
    await page.locator('.editor-said').getByText('It reads').waitFor()
    await page.keyboard.press('Control+Enter')
    await untilId(page, await idOf('eth-lending', [['order', 'batch']]))
    await page.keyboard.press('Escape')
    expect(await page.locator('.side-drawer').count()).toBe(0)
    expect(await focused(page, 'className')).toContain('data-chip')
  })

  it.each([
    { width: 360, height: 800, theme: 'dark' },
    { width: 1440, height: 900, theme: 'light' },
  ] as const)('law: nothing is out of reach or out of sight at $width in $theme', async (look) => {
    const { page } = lab
    await lab.visit(hashOf('lab', 'eth-lending', [['depth.haircut', '50%']]), look)
    await untilRan(page)
    const opener = page.locator('.data-chip')
    await opener.click()
    for (const name of ['Scenario', 'Data', 'Method']) {
      await page.getByRole('button', { name, exact: true }).click()
      await page.waitForTimeout(150)
      expect(await complaintsOfAxe(page, '.side-drawer'), name).toEqual([])
      expect(await widthOver(page), name).toBe(0)
    }
    await drop(page, 'positions.csv', csvOf(legs().slice(0, 40)))
    await page.getByText('40 rows').waitFor()
    expect(await complaintsOfAxe(page, 'dialog')).toEqual([])
    expect(await widthOver(page)).toBe(0)
  })
})

/** How much wider than the window the page is. */
function widthOver(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - window.innerWidth')
}

/** A property of what has the focus. */
function focused(page: Page, property = 'tagName'): Promise<string> {
  return page.evaluate(`document.activeElement.${property}`)
}
