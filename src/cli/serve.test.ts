import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bundleOf } from '../farm/bundle.ts'
import { openedOf } from '../farm/opened.ts'
import { diskSource } from '../ingest/files.ts'
import { recorder } from './host.suite.ts'
import { main } from './main.ts'

let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-serve-'))
  expect(await main(['init', 'own'], recorder({ folder }))).toBe(0)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Serves on a free port, calls `then` with the address, and ends as Ctrl-C does. */
async function served(words: readonly string[], then: (address: string) => Promise<void>) {
  const host = recorder({ folder })
  const ended = main(['serve', ...words, '--port', '0'], host)
  for (let waits = 0; waits < 200 && !host.out().includes('Ctrl-C'); waits++)
    await new Promise((done) => setTimeout(done, 25))
  const address = /http:\/\/[\d.]+:\d+/.exec(host.out())?.[0] ?? ''
  try {
    await then(address)
  } finally {
    host.interrupt()
  }
  expect(await ended).toBe(0)
  return host.out()
}

describe('firebreak serve', () => {
  it('default: the page, and Ctrl-C ends it', async () => {
    const out = await served([], async (address) => {
      const page = await fetch(address)
      expect(await page.text()).toContain('<title>Firebreak lab</title>')
      expect(page.headers.get('x-frame-options')).toBe('DENY')
      expect((await fetch(`${address}/opened.json`)).status).toBe(404)
      expect((await fetch(`${address}/../package.json`)).status).toBe(404)
    })
    expect(out).toMatch(/^the lab is at http:\/\/127\.0\.0\.1:\d+\n/)
  })

  it('default: a scenario with its files, none of which tells where it lies', async () => {
    await served(['own/scenario.yaml', '--drop', '20%'], async (address) => {
      const text = await (await fetch(`${address}/opened.json`)).text()
      expect(text).not.toContain(folder)
      const opened = JSON.parse(text)
      expect(opened).toMatchObject({
        entry: 'scenario.yaml',
        overrides: [['shock.drop', '20%']],
      })
      expect(opened.files.length).toBeGreaterThan(2)
      for (const { sha256 } of opened.files)
        expect((await fetch(`${address}/blobs/${sha256}`)).status).toBe(200)
      expect((await fetch(`${address}/blobs/${'0'.repeat(64)}`)).status).toBe(404)
    })
  })

  it('behaviour: who asks for another name than this machine is refused', async () => {
    await served([], async (address) => {
      const status = await new Promise((done) => {
        const asked = request(address, { headers: { host: 'elsewhere.example' } }, (answer) => {
          done(answer.statusCode)
          answer.resume()
        })
        asked.end()
      })
      expect(status).toBe(421)
    })
  })

  it('error: a scenario, a port, a host that cannot be', async () => {
    const wrong: [string[], string][] = [
      [['missing.yaml'], 'FB2040'],
      [['--host', '0.0.0.0'], 'FB2036'],
      [['--port', '70000'], 'FB2087'],
    ]
    for (const [words, code] of wrong) {
      const host = recorder({ folder })
      expect(await main(['serve', ...words], host)).toBe(2)
      expect(host.err()).toContain(code)
    }
    await served([], async (address) => {
      const host = recorder({ folder })
      expect(await main(['serve', '--port', new URL(address).port], host)).toBe(2)
      expect(host.err()).toContain('FB2035')
    })
  })
})

describe('openedOf', () => {
  it('behaviour: files above and beside the scenario keep their places', async () => {
    mkdirSync(join(folder, 'sub'))
    writeFileSync(join(folder, 'sub', 'over.yaml'), 'extends: ../own/scenario.yaml\n')
    const opened = await openedOf('sub/over.yaml', bundleOf(diskSource(folder, 'own')), [])
    expect(opened.entry).toBe('over.yaml')
    const names = opened.files.map(({ name }) => name)
    expect(names).toContain('../own/scenario.yaml')
    expect(opened.files.flatMap(({ asked }) => asked)).toContain(
      'over.yaml\n../own/scenario.yaml\nscenario',
    )
  })
})
