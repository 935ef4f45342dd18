/** The built lab in a headless browser: served as a site, or as one file from the disk. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { hasChromium, type Opened, openPage, type Site, serve } from './chromium.suite.ts'

const folder = join(import.meta.dirname, '../../dist/lab')

/** Whether these tests can run: `npm run build` makes the lab. */
export const hasLab = hasChromium && existsSync(join(folder, 'index.html'))

/** How the page is looked at. */
export interface Look {
  readonly width?: number
  readonly height?: number
  readonly theme?: 'light' | 'dark'
}

/** A browser with the lab in it, and what it complained of. */
export interface Lab extends Opened {
  /** Complaints of the console and uncaught errors, the page's policy included. */
  readonly complaints: string[]
  /** Opens an address of the lab, such as `hashOf('lab', 'eth-lending')`, as a fresh visit. */
  visit(hash: string, look?: Look): Promise<void>
  /** Opens the page from the disk, in one file. */
  visitFile(hash: string, look?: Look): Promise<void>
}

/** Serves the lab on a free port and opens a browser. */
export async function openLab(): Promise<Lab> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => /[.](js|css)$/.test(name))
  const textOf = (name: string) => readFileSync(join(folder, name), 'utf8')
  const texts = files.map((name) => [`/${name.replaceAll('\\', '/')}`, textOf(name)] as const)
  const site = await serve(new Map([...texts, ['/', textOf('index.html')]]))
  const { page, close } = await openPage()
  const complaints = complaintsOf(page)
  const go = async (address: string, look: Look) => {
    await page.setViewportSize({ width: look.width ?? 1440, height: look.height ?? 900 })
    await page.emulateMedia({ colorScheme: look.theme ?? 'light', reducedMotion: 'reduce' })
    await page.goto('about:blank')
    await page.goto(address)
  }
  return {
    ...{ page, complaints },
    visit: (hash, look = {}) => go(`${site.origin}/#${hash}`, look),
    visitFile: (hash, look = {}) =>
      go(`${pathToFileURL(join(folder, 'lab.html')).href}#${hash}`, look),
    close: () => closeBoth(close, site),
  }
}

async function closeBoth(close: () => Promise<void>, site: Site): Promise<void> {
  await close()
  await site.close()
}

function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  return complaints
}

/** The address of a scenario, as `lab/state/link.ts` writes it. */
export function hashOf(
  screen: string,
  entry: string,
  overrides: readonly (readonly [string, string])[] = [],
  text: string | null = null,
): string {
  const packed = deflateRawSync(JSON.stringify({ entry, text, overrides }))
  return `${screen}?s=${packed.toString('base64url')}`
}

/** Waits until the page shows the run that its address asks for, on a screen that has come. */
export async function untilRan(page: Page): Promise<void> {
  await page.waitForSelector('body:has(.chip) main[aria-busy="false"]:not(:has(.skeleton))')
}

/** The link that the Share dialog gives, packed; the dialog is closed again. */
export async function sharedLink(page: Page): Promise<string> {
  await page.locator('body').press('s')
  const given = page.getByLabel('Link', { exact: true })
  await expect.poll(() => given.inputValue(), { timeout: 10_000 }).toContain('?s=')
  const link = await given.inputValue()
  await page.keyboard.press('Escape')
  return new URL(link).hash.slice(1)
}
