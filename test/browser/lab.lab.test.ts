import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { atDrop } from '../../lab/state/atDrop.ts'
import { display } from '../../src/document/table.ts'
import { curveTable, levelsTable, roundsTable } from '../../src/document/tables.ts'
import { metricValue } from '../../src/figures/caption.ts'
import { cobweb } from '../../src/figures/cobweb.ts'
import { levels } from '../../src/figures/levels.ts'
import { response } from '../../src/figures/response.ts'
import { money, shortId, signedPercent } from '../../src/format.ts'
import { diskSource } from '../../src/ingest/files.ts'
import { readScenario } from '../../src/ingest/read.ts'
import type { Report } from '../../src/report.ts'
import { run } from '../../src/run.ts'
import type { TimedReport } from '../../src/timedReport.ts'
import { hashOf, hasLab, type Lab, openLab, untilRan } from './lab.suite.ts'

// A small book: what is tried here is the page, and every step of it is an exact run.
const small = [
  ['protocols.market.book.synthetic.0.accounts', '600'],
  ['protocols.market.book.synthetic.1.accounts', '200'],
] as const
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let lab: Lab

describe.skipIf(!hasLab)('the Lab screen', { retry: 1 }, () => {
  beforeAll(async () => {
    lab = await openLab()
  })
  afterAll(() => lab?.close())

  it('behaviour: arrow keys preview at once; the exact run is that of the command line', async () => {
    await lab.visit(hashOf('lab', 'eth-lending', small))
    await untilRan(lab.page)
    expect(await badge()).toBeNull()
    await drop().focus()
    for (let i = 0; i < 5; i++) await lab.page.keyboard.press('ArrowRight')
    await lab.page.keyboard.press('PageUp')
    expect(await badge()).toBe('preview')
    expect(await lab.page.textContent('h2.caption')).toContain('16.5')
    await untilExact()
    await isTheRunOf([['shock.drop', '16.5%']])
    const said = await lab.page.textContent('[role=status]')
    expect(said).toMatch(
      /^total liquidated [\d.]+ million, up [\d.]+ million from the first round$/,
    )
    expect(lab.complaints).toEqual([])
  })

  it('behaviour: any other slider asks the engine; a typed value is taken as typed', async () => {
    const haircut = lab.page.getByRole('slider', { name: 'Haircut when it starts' })
    await haircut.focus()
    await lab.page.keyboard.press('PageUp')
    await untilExact()
    const both = [
      ['shock.drop', '16.5%'],
      ['depth.haircut', '10%'],
    ] as const
    await isTheRunOf(both)
    await lab.page.getByRole('textbox', { name: 'Liquidation threshold, number' }).fill('82')
    await lab.page.keyboard.press('Enter')
    await untilExact()
    await isTheRunOf([...both, ['protocols.market.rules.assets.ETH.threshold', '82%']])
  })

  it('behaviour: brackets move the drop by points', async () => {
    await lab.visit(hashOf('lab', 'eth-lending', small))
    await untilRan(lab.page)
    await lab.page.keyboard.press(']')
    await untilExact()
    await isTheRunOf([['shock.drop', '16%']])
    await lab.page.keyboard.press('{')
    await untilExact()
    await isTheRunOf([['shock.drop', '6%']])
    expect(await lab.page.textContent('[role=status]')).toBe('nothing is liquidated')
  })

  it('law: pictures changed bit by bit are those drawn at once', async () => {
    await lab.visit(hashOf('lab', 'eth-lending', small))
    await untilRan(lab.page)
    const report = (await ran('eth-lending', small)) as Report
    for (const at of [0.3, 0.151, 0.05, 0.12, 0.23, 0.234]) {
      await slide(at)
      await expect.poll(() => areDrawn(atDrop(report, at))).toEqual([true, true, true])
    }
    expect(lab.complaints).toEqual([])
  })

  it('behaviour: the shocked point and the line at your own drop can be dragged', async () => {
    await lab.visit(hashOf('lab', 'eth-lending', small))
    await untilRan(lab.page)
    for (const [grip, dx, dy] of [
      ['.grip-y', 0, 20],
      ['.grip-x', -30, 0],
    ] as const) {
      const before = Number(await drop().inputValue())
      const box = (await lab.page.locator(grip).boundingBox())!
      const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
      await lab.page.mouse.move(from.x, from.y)
      await lab.page.mouse.down()
      await lab.page.mouse.move(from.x + dx, from.y + dy, { steps: 4 })
      expect(await badge()).toBe('preview')
      const during = Number(await drop().inputValue())
      expect(Math.sign(during - before)).toBe(dy > 0 ? 1 : -1)
      await lab.page.mouse.up()
      await untilExact()
      expect(Number(await drop().inputValue())).toBe(during)
      await isTheRunOf([['shock.drop', String(during)]])
    }
  })

  it('behaviour: a round that is looked at is lit in staircase, levels and strip', async () => {
    const rounds = lab.page.locator('.round')
    await rounds.first().focus()
    for (const lit of ['.lit polyline', '.lit-band', '.round-lit'])
      expect(await lab.page.locator(lit).count(), lit).toBe(1)
    const plot = (await lab.page.locator('.finder').boundingBox())!
    await rounds.first().blur()
    await lab.page.mouse.move(plot.x + 5, plot.y + 5)
    expect(await lab.page.locator('.round-lit').count()).toBe(0)
  })

  it('behaviour: every picture is a table too, with the numbers of Node', async () => {
    await lab.visit(hashOf('lab', 'eth-lending', small))
    await untilRan(lab.page)
    const report = (await ran('eth-lending', small)) as Report
    const tables = [
      ['rounds', roundsTable(report)],
      ['levels and bids', levelsTable(report)],
      ['response curve', curveTable(report)],
    ] as const
    for (const [name, { title, columns, rows }] of tables) {
      const toggle = lab.page.getByRole('button', { name: `Table of the ${name}` })
      await toggle.press('Enter')
      expect(await toggle.getAttribute('aria-pressed')).toBe('true')
      const shown = lab.page.getByRole('region', { name: title })
      await shown.waitFor()
      const cells = await shown.locator('tbody tr').last().locator('td').allTextContents()
      expect(cells).toEqual(rows.at(-1)!.map((value, c) => display(value, columns[c].unit)))
      await toggle.press('Enter')
      expect(await shown.count()).toBe(0)
    }
    expect(lab.complaints).toEqual([])
  })

  it('behaviour: a run in time has its own numbers, and defences as switches', async () => {
    await lab.visit(hashOf('lab', 'slow-oracle', [['blocks', '700']]))
    await untilRan(lab.page)
    await lab.page.getByRole('checkbox', { name: 'Circuit breaker' }).check()
    await untilExact()
    const breaker = [
      ['blocks', '700'],
      ['protocols.quick.defences.breaker', '{}'],
    ] as const
    const report = (await ran('slow-oracle', breaker)) as TimedReport
    const numbers = await lab.page.locator('.headlines .number').allTextContents()
    expect(numbers.slice(0, 2)).toEqual([
      money(metricValue(report, 'first_round_usd')),
      money(metricValue(report, 'total_liquidated_usd')),
    ])
    await lab.page.getByRole('checkbox', { name: 'Circuit breaker' }).uncheck()
    await untilExact()
    expect(await lab.page.textContent('.chip')).toContain(
      shortId((await ran('slow-oracle', [['blocks', '700']])).run_id),
    )
  })

  it('behaviour: a phone has the slider at its thumb, one chart at a time, and all controls', async () => {
    await lab.visit(hashOf('lab', 'eth-lending', small), { width: 360, height: 800 })
    await untilRan(lab.page)
    expect(await isWide()).toBe(false)
    await lab.page.getByRole('button', { name: 'One point more' }).click()
    await untilExact()
    await isTheRunOf([['shock.drop', '16%']])
    for (const [chart, shown] of [
      ['Levels', 'the wall is'],
      ['Curve', 'cliff'],
      ['Rounds', 'rounds'],
    ] as const) {
      await lab.page.getByText(chart, { exact: true }).click()
      expect(await lab.page.locator('h2:visible').allTextContents()).toEqual([
        expect.stringContaining(shown),
      ])
      expect(await isWide()).toBe(false)
    }
    await lab.page.getByRole('button', { name: 'All controls' }).click()
    expect(await lab.page.getByRole('slider', { name: 'Liquidation bonus' }).isVisible()).toBe(true)
    expect(await isWide()).toBe(false)
  })

  it.each([
    ['eth-lending', 1440, 'light'],
    ['eth-lending', 1440, 'dark'],
    ['eth-lending', 360, 'dark'],
    ['slow-oracle', 1024, 'light'],
  ] as const)('law: axe finds nothing in %s at %s, %s', async (entry, width, theme) => {
    const less = entry === 'slow-oracle' ? [['blocks', '700'] as const] : small
    await lab.visit(hashOf('lab', entry, less), { width, theme })
    await untilRan(lab.page)
    expect(await isWide()).toBe(false)
    if (width === 360) await lab.page.getByRole('button', { name: 'All controls' }).click()
    await lab.page.evaluate(axe)
    const found = await lab.page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
      'axe.run().then(({ violations }) => violations)',
    )
    expect(found.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  })
})

/** Moves the drop slider as a hand does that has not let go yet. */
async function slide(at: number): Promise<void> {
  await lab.page.evaluate(`{
    const slider = document.querySelector('.slider-main input[type=range]')
    const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')
    set.call(slider, '${at}')
    slider.dispatchEvent(new Event('input', { bubbles: true }))
  }`)
}

/** Whether the pictures of the page have the nodes of those that Node draws. */
async function areDrawn(report: Report): Promise<boolean[]> {
  const sizes = await lab.page.evaluate<[number, number][]>(
    `[...document.querySelectorAll('.picture svg')].map((svg) =>
      ['width', 'height'].map((name) => Number(svg.getAttribute(name))))`,
  )
  // The cobweb takes what the window leaves it, the others fill their places.
  const tallest = [900 - 388, sizes[1][1], sizes[2][1]]
  const fresh = [cobweb, levels, response].map((draw, i) => {
    const look = { theme: 'light', bare: true, width: sizes[i][0], height: tallest[i] } as const
    return draw(report, look).svg.replace(/ style="[^"]*"/, '')
  })
  return await lab.page.evaluate<boolean[]>(`(() => {
    const box = document.createElement('div')
    box.innerHTML = ${JSON.stringify(fresh.join(''))}
    const shown = [...document.querySelectorAll('.picture svg')]
    return shown.map((svg, i) => svg.isEqualNode(box.children[i]))
  })()`)
}

function drop() {
  return lab.page.getByRole('slider', { name: /^Outside drop/ }).and(lab.page.locator(':visible'))
}

async function badge(): Promise<string | null> {
  const found = lab.page.locator('.badge')
  return (await found.count()) === 0 ? null : await found.textContent()
}

/** Waits until nothing is previewed or running any longer. */
async function untilExact(): Promise<void> {
  await lab.page.waitForSelector('main[aria-busy="false"]:not(:has(.badge))')
}

async function isWide(): Promise<boolean> {
  return await lab.page.evaluate<boolean>(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  )
}

/** The strip, and the run id of the bar and of the address, are those of the engine in Node. */
async function isTheRunOf(overrides: readonly (readonly [string, string])[]): Promise<void> {
  const report = (await ran('eth-lending', [...small, ...overrides])) as Report
  const value = (name: string) => metricValue(report, name)!
  const numbers = await lab.page.locator('.headlines .number').allTextContents()
  expect(numbers.slice(0, 3)).toEqual([
    money(value('first_round_usd')),
    money(value('total_liquidated_usd')),
    signedPercent(-value('final_drop')),
  ])
  expect(await lab.page.textContent('.chip')).toContain(shortId(report.run_id))
  const digits = report.run_id.replace('sha256:', '').slice(0, 8)
  await expect.poll(() => lab.page.url()).toContain(digits)
}

async function ran(
  name: string,
  overrides: readonly (readonly [string, string])[],
): Promise<Report | TimedReport> {
  const { scenario, runId, engineVersion, data } = await readScenario(
    name,
    diskSource('.'),
    overrides,
  )
  return run(scenario, { runId, engineVersion, data })
}
