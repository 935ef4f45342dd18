import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleReport } from '../figures/sample.suite.ts'
import type { Report } from '../report.ts'
import { recorder } from './host.suite.ts'
import type { Host } from './host.ts'
import { main } from './main.ts'
import { exitCode } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'firebreak-'))
const scenario = 'market/scenario.yaml'

beforeAll(async () => {
  await main(['init', 'market'], recorder({ folder }))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function firebreak(words: string, options: { terminal?: boolean; env?: Host['env'] } = {}) {
  const host = recorder({ folder, ...options })
  const list = (words.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ''))
  const code = await main(list, host)
  return { code, out: host.out(), err: host.err() }
}

describe('firebreak run', () => {
  it('default: prints the page on stdout, nothing on stderr, and writes nothing', async () => {
    const before = readdirSync(folder, { recursive: true })
    const { code, out, err } = await firebreak(`run ${scenario}`)
    expect(code).toBe(0)
    expect(out).toContain('A 15% drop sells')
    expect(out).not.toContain('\x1b')
    expect(err).toBe('')
    expect(readdirSync(folder, { recursive: true })).toEqual(before)
  })

  it('default: --json is one document, the same bytes twice', async () => {
    const one = await firebreak(`run ${scenario} --json`)
    const two = await firebreak(`run ${scenario} --json`)
    expect(one.out).toBe(two.out)
    expect(one.out.split('\n')).toHaveLength(2)
    const report = JSON.parse(one.out) as Report
    expect(report).toMatchObject({ schema: 'firebreak.result/1', scenario: 'market', seed: 42 })
    expect(report.run_id).toMatch(/^[0-9a-f]{64}$/)
  })

  it('default: --ndjson is start, rounds, metrics, done', async () => {
    const { out } = await firebreak(`run ${scenario} --ndjson`)
    const events = out.trim().split('\n')
    const names = events.map((line) => (JSON.parse(line) as { event: string }).event)
    expect([names[0], names.at(-2), names.at(-1)]).toEqual(['start', 'metrics', 'done'])
    expect(names.filter((name) => name === 'round').length).toBeGreaterThan(1)
  })

  it('behaviour: flags override the scenario, --set wins', async () => {
    const report = async (flags: string) =>
      JSON.parse((await firebreak(`run ${scenario} --json ${flags}`)).out) as Report
    expect((await report('--drop 20%')).shock.drop).toBe(0.2)
    expect((await report('--drop 20% --set shock.drop=0.25')).shock.drop).toBe(0.25)
    expect((await report('--no-feedback')).feedback).toBe(false)
    expect(await report('--order batch --set seed=7')).toMatchObject({ order: 'batch', seed: 7 })
  })

  it('behaviour: --dry-run prints the resolved scenario and its digests only', async () => {
    const { code, out } = await firebreak(`run ${scenario} --dry-run --drop 20%`)
    const { scenario: resolved, data } = JSON.parse(out)
    expect(code).toBe(0)
    expect(resolved.shock).toEqual({ asset: 'ETH', drop: 0.2 })
    expect(data.map(({ role }: { role: string }) => role)).toEqual(
      expect.arrayContaining(['scenario', 'positions', 'depth']),
    )
  })

  it('behaviour: --out writes a folder whole and keeps what else is in it', async () => {
    const { out } = await firebreak(`run ${scenario} --out kept`)
    const names = ['cobweb.svg', 'curve.csv', 'result.json', 'rounds.csv', 'scenario.json']
    expect(readdirSync(join(folder, 'kept'))).toEqual(expect.arrayContaining(names))
    expect(out).toMatch(/saved {2}kept/)
    writeFileSync(join(folder, 'kept', 'notes.txt'), 'mine')
    await firebreak(`run ${scenario} --out kept --drop 20%`)
    expect(readFileSync(join(folder, 'kept', 'notes.txt'), 'utf8')).toBe('mine')
    expect(readFileSync(join(folder, 'kept', 'result.json'), 'utf8')).toContain('"drop":0.2}')
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('behaviour: the resolved scenario that --out keeps runs to the same result', async () => {
    const data = '--data market'
    const again = await firebreak(`run kept/scenario.json ${data} --drop 15% --json`)
    const first = await firebreak(`run ${scenario} --json`)
    expect(JSON.parse(again.out).run_id).toBe(JSON.parse(first.out).run_id)
  })

  it('behaviour: --quiet prints nothing but breached gates', async () => {
    expect(await firebreak(`run ${scenario} --quiet`)).toEqual({ code: 0, out: '', err: '' })
    const breached = await firebreak(`run ${scenario} --quiet --gate 'rounds < 1'`)
    expect(breached).toMatchObject({ code: 3, out: '', err: 'gate breached: rounds < 1  got 4\n' })
  })

  it.each([
    ['a terminal', true, { TERM: 'xterm-256color' }, true],
    ['NO_COLOR', true, { TERM: 'xterm-256color', NO_COLOR: '1' }, false],
    ['CI', true, { TERM: 'xterm-256color', CI: '1' }, false],
    ['TERM=dumb', true, { TERM: 'dumb' }, false],
    ['a pipe', false, { TERM: 'xterm-256color' }, false],
    ['a pipe with FORCE_COLOR', false, { TERM: 'xterm-256color', FORCE_COLOR: '2' }, true],
  ])('behaviour: colours on %s', async (_, terminal, env, coloured) => {
    const { out } = await firebreak(`run ${scenario}`, { terminal, env })
    expect(out.includes('\x1b[')).toBe(coloured)
  })
})

describe('firebreak report', () => {
  it('default: one HTML page, from a scenario or from the folder of a run', async () => {
    const made = await firebreak(`report ${scenario}`)
    expect(made).toEqual({ code: 0, out: 'scenario-report/report.html\n', err: '' })
    await firebreak(`run ${scenario} --out saved`)
    const { code, out } = await firebreak('report saved --out page.html')
    expect({ code, out }).toEqual({ code: 0, out: 'page.html\n' })
    const pages = ['scenario-report/report.html', 'page.html'].map((name) => {
      return readFileSync(join(folder, name), 'utf8')
    })
    const [id] = pages.map((page) => /# run ([0-9a-f]{64})/.exec(page)?.[1])
    expect(pages[1]).toContain(`# run ${id}`)
  })

  it('behaviour: other formats beside each other, each file once', async () => {
    const { out } = await firebreak(`report ${scenario} --format md,csv,svg,json --out all`)
    const names = out
      .trim()
      .split('\n')
      .map((path) => path.replace('all/', ''))
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(
      expect.arrayContaining(['report.md', 'accounts.csv', 'cobweb.svg', 'result.json']),
    )
    expect(readdirSync(join(folder, 'all')).sort()).toEqual([...names].sort())
    const post = readFileSync(join(folder, 'all', 'report.md'), 'utf8')
    for (const [, picture] of post.matchAll(/\]\((\w+\.svg)\)/g)) expect(names).toContain(picture)
  })
})

describe('exit codes', () => {
  it('behaviour: 2 and a suggestion for what cannot be understood', async () => {
    const cases = [
      ['rnu', 'FB2001', 'Did you mean run?'],
      [`run ${scenario} --dorp 15%`, 'FB2002', 'Did you mean --drop?'],
      ['run', 'FB2003', '--help'],
      [`run ${scenario} other.yaml`, 'FB2004', '--help'],
      [`run ${scenario} --drop`, 'FB2005', '--help'],
      [`run ${scenario} --json --ndjson`, 'FB2007', 'one of them'],
      [`report ${scenario} --format htm`, 'FB2008', 'Did you mean html?'],
      ['help loop_gian', 'FB2009', 'Did you mean loop_gain?'],
      [`run ${scenario} --set drop`, 'FB2020', 'depth.haircut=50%'],
      [`run ${scenario} --gate nonsense`, 'FB2021', 'bad_debt_usd < 1M'],
      [`run ${scenario} --gate 'rouns < 3'`, 'FB2022', 'Did you mean rounds?'],
      [`run ${scenario} --drop 83`, 'FB2011', '83%'],
      ['run nowhere.yaml', 'FB2040', 'nowhere.yaml'],
      ['init market', 'FB2032', 'Nothing was written'],
      [`run ${scenario} --out market/depth.csv`, 'FB2031', 'Nothing was written'],
    ]
    for (const [words, code, hint] of cases) {
      const found = await firebreak(words)
      expect(found, words).toMatchObject({ code: 2, out: '' })
      expect(found.err, words).toContain(code)
      expect(found.err, words).toContain(hint)
      expect(found.err, words).not.toMatch(/\n {4}at /)
    }
  })

  it('behaviour: 4 for a file that the scenario names', async () => {
    const text = readFileSync(join(folder, scenario), 'utf8')
    writeFileSync(
      join(folder, 'missing.yaml'),
      text.replace('file: positions.csv', 'file: absent.csv'),
    )
    const { code, out, err } = await firebreak('run missing.yaml --data market')
    expect({ code, out }).toEqual({ code: 4, out: '' })
    expect(err).toMatch(/^error FB4\d{3} /)
  })

  it('behaviour: 4 for a saved result that is cut short or not ours', async () => {
    await firebreak(`run ${scenario} --out cut`)
    const path = join(folder, 'cut', 'result.json')
    const whole = readFileSync(path, 'utf8')
    for (const text of [whole.slice(0, 500), '{"schema":"firebreak.result/1"}', '[]', '']) {
      writeFileSync(path, text)
      const { code, err } = await firebreak('report cut')
      expect({ code, err }, text.slice(0, 40)).toEqual({
        code: 4,
        err: expect.stringMatching(/FB4031/),
      })
      expect(existsSync(join(folder, 'cut-report'))).toBe(false)
    }
  })

  it('behaviour: 3 when a gate is breached, and the page says so first', async () => {
    const { code, out } = await firebreak(`run ${scenario} --gate 'rounds < 1' --gate 'rounds > 1'`)
    expect(code).toBe(3)
    expect(out).toContain('✗ rounds < 1  got 4')
    expect(out).toContain('✓ rounds > 1  got 4')
    const held = await firebreak(`run ${scenario} --gate 'bad_debt_usd < 100k'`)
    expect(held.code).toBe(0)
  })

  it('behaviour: 3 also when the scenario sets the gate', async () => {
    const { code } = await firebreak(`run ${scenario} --set 'gates=["rounds < 1"]'`)
    expect(code).toBe(3)
  })

  it('behaviour: 6 when it did not settle, unless a gate was breached', () => {
    const checks = [{ name: 'settled', ok: false, detail: 'stopped' }]
    const report = sampleReport(0.15, { checks })
    expect(exitCode(report, [])).toBe(6)
    expect(exitCode(report, [{ text: 'rounds < 1', ok: false, detail: 'got 4' }])).toBe(3)
  })

  it('behaviour: 1 for a fault of ours, without a stack trace', async () => {
    const host = recorder({ folder })
    const broken = {
      ...host.stdout,
      write: () => {
        throw new TypeError('x is not a function')
      },
    }
    expect(await main(['help', 'rounds'], { ...host, stdout: broken })).toBe(1)
    expect(host.err()).toMatch(/^error FB1000 /)
    expect(host.err()).not.toMatch(/\n {4}at /)
  })

  it('behaviour: with --json an error is one JSON document on stderr', async () => {
    const { code, out, err } = await firebreak(`run ${scenario} --drop 83 --json`)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(JSON.parse(err).error).toMatchObject({ code: 'FB2011', place: '--drop', came: '83' })
  })
})

describe('firebreak', () => {
  it('default: help and version are results', async () => {
    for (const words of ['', '--help', 'help run', 'run --help', 'help']) {
      const { code, out, err } = await firebreak(words)
      expect({ code, err }, words).toEqual({ code: 0, err: '' })
      expect(out, words).toContain('run')
    }
    expect((await firebreak('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('default: help explains metrics and codes', async () => {
    expect((await firebreak('help loop_gain')).out).toContain('g(h) = F(h) / V(h)')
    expect((await firebreak('help loop-gain')).out).toContain('trap')
    expect((await firebreak('help fb2011')).out).toContain('83%')
  })

  it.each(['bash', 'zsh', 'fish'])(
    'default: completion for %s knows commands and flags',
    async (shell) => {
      const { code, out } = await firebreak(`completion ${shell}`)
      expect(code).toBe(0)
      for (const word of ['run', 'report', 'no-feedback', 'eth-lending', 'loop_gain', 'FB2011']) {
        expect(out).toContain(word)
      }
    },
  )

  it('default: init makes a market that runs, and never writes over it', async () => {
    const before = readFileSync(join(folder, scenario), 'utf8')
    expect((await firebreak('init market')).code).toBe(2)
    expect(readFileSync(join(folder, scenario), 'utf8')).toBe(before)
    expect(before).toMatch(/^# yaml-language-server: \$schema=.*schema\/scenario\.v1\.json\n/)
  })
})
