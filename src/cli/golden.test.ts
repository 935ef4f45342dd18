import { describe, expect, it } from 'vitest'
import { formats, reportFiles } from '../document/files.ts'
import { caption, metricValue } from '../figures/caption.ts'
import { money } from '../format.ts'
import type { Report } from '../report.ts'
import { recorder } from './host.suite.ts'
import { main } from './main.ts'
import { paintFor, width } from './paint.ts'
import { renderRun } from './terminal.ts'

const golden = '../../test/golden'

async function printed(words: string): Promise<string> {
  const host = recorder()
  expect(await main(words.split(' '), host)).toBe(0)
  return host.out()
}

async function reportOf(words: string): Promise<Report> {
  return JSON.parse(await printed(`run ${words} --json`)) as Report
}

describe('bundled examples', () => {
  it.each([
    ['eth-lending --drop 15%', 'ETH falls 15 % under a lending market'],
    ['lst-depeg', 'a staking token loses 4 % against ETH'],
    ['uniswap-thin', 'a thin token falls 15 % in one pool'],
  ])('default: %s prints as it did', async (words, name) => {
    await expect(await printed(`run ${words}`)).toMatchFileSnapshot(`${golden}/${name}.txt`)
  })

  it.each(['5%', '14%', '15%', '25%'])(
    'behaviour: at %s the sentence, the page and the metrics say the same',
    async (drop) => {
      const report = await reportOf(`eth-lending --drop ${drop}`)
      const page = renderRun(report, {
        columns: 100,
        paint: paintFor('true'),
        unicode: true,
        program: 'firebreak',
        entry: 'eth-lending',
        gates: [],
        saved: null,
        milliseconds: null,
      })
      expect(Math.max(...page.split('\n').map(width))).toBeLessThanOrEqual(100)
      const first = money(metricValue(report, 'first_round_usd'), 'plain')
      const total = money(metricValue(report, 'total_liquidated_usd'), 'plain')
      const rounds = metricValue(report, 'rounds')
      if (report.rounds.length > 0) expect(caption(report, 'plain')).toContain(`sells ${first};`)
      for (const text of [first, total, String(rounds)]) expect(page).toContain(text)
    },
  )
})

describe('report files', () => {
  it('behaviour: every example gives a page, a post and tables that hold', async () => {
    for (const entry of ['uniswap-thin', 'lst-depeg']) {
      const report = await reportOf(entry)
      const files = reportFiles(report, formats, `firebreak run ${entry}`)
      const text = (name: string) => files.find((file) => file.name === name)!.text
      expect(text('report.html').replace(/href="data:[^"]*"/g, '')).not.toMatch(
        /(src|href)=|url\(http/,
      )
      expect(text('report.html')).toContain(report.run_id)
      expect(text('report.md').length).toBeLessThan(32_000)
      expect(text('report.md')).toContain(`firebreak run ${entry}`)
      for (const { name, text } of files) {
        expect(text, name).not.toMatch(/\b(NaN|Infinity|undefined)\b/)
      }
    }
  })
})
