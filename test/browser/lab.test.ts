import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashOf, hasLab, type Lab, openLab, untilRan } from './lab.suite.ts'

const script = join(import.meta.dirname, '../../bin/firebreak.js')

let lab: Lab

describe.skipIf(!hasLab)('the lab', { retry: 1 }, () => {
  beforeAll(async () => {
    lab = await openLab()
  })
  afterAll(() => lab?.close())

  it('default: an example runs from a served page, without a complaint', async () => {
    await lab.visit('')
    await lab.page.getByText('eth-lending', { exact: true }).click()
    await untilRan(lab.page)
    expect(await lab.page.textContent('.chip')).toContain('eth-lending')
    expect(lab.complaints).toEqual([])
  })

  it('default: a link runs from one file on the disk, without a complaint', async () => {
    await lab.visitFile(hashOf('lab', 'eth-lending', [['shock.drop', '5%']]))
    await untilRan(lab.page)
    expect(await lab.page.textContent('main')).toContain('5.0')
    expect(lab.complaints).toEqual([])
  })

  it('default: firebreak serve opens a scenario with its files, the same run as in a terminal', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'firebreak-lab-'))
    const words = (list: string) => [script, ...list.split(' ')]
    execFileSync(process.execPath, words('init own'), { cwd: folder })
    const json = execFileSync(process.execPath, words('run own/scenario.yaml --drop 20% --json'), {
      cwd: folder,
    })
    const server = spawn(process.execPath, words('serve own/scenario.yaml --drop 20% --port 0'), {
      cwd: folder,
    })
    try {
      const said = await new Promise<string>((done) => {
        server.stdout.once('data', (text) => done(String(text)))
      })
      await lab.page.goto(/http\S+/.exec(said)![0])
      await untilRan(lab.page)
      expect(await lab.page.textContent('.chip')).toContain(
        JSON.parse(String(json)).run_id.slice(0, 4),
      )
      await lab.page.reload()
      await untilRan(lab.page)
      expect(lab.complaints).toEqual([])
    } finally {
      server.kill('SIGINT')
      expect(await new Promise((done) => server.once('close', done))).toBe(0)
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
