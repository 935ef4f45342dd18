/** A headless Chromium for the tests of this folder, and what it is given to open. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { chromium, type Page } from 'playwright-core'

const path = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) =>
    ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)),
  )
  .find((candidate) => existsSync(candidate))

/** Whether these tests can run; says once why not. */
export const hasChromium = path !== undefined
if (!hasChromium) console.log('no chromium on PATH: the browser tests are skipped')

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** An open page, and how to end its browser. */
export interface Opened {
  readonly page: Page
  close(): Promise<void>
}

/** Opens a page in a browser with a fresh profile. */
export async function openPage(): Promise<Opened> {
  const profile = mkdtempSync(join(tmpdir(), 'firebreak-chromium-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: path!,
    args: flags,
    viewport: { width: 1920, height: 1080 },
  })
  const page = context.pages()[0] ?? (await context.newPage())
  return {
    page,
    async close() {
      await context.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** A site on a free port of this machine; `asked` lists the paths that were requested. */
export interface Site {
  readonly origin: string
  readonly asked: readonly string[]
  close(): Promise<void>
}

const kinds = [
  ['.js', 'text/javascript'],
  ['.css', 'text/css'],
] as const

/** Serves texts by path to this machine only; what is no script and no style is HTML. */
export async function serve(texts: ReadonlyMap<string, string>): Promise<Site> {
  const asked: string[] = []
  const server = createServer(({ url = '/' }, response) => {
    asked.push(url)
    const text = texts.get(url)
    const kind = kinds.find(([end]) => url.endsWith(end))?.[1] ?? 'text/html'
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': `${kind}; charset=utf-8` })
    response.end(text)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
