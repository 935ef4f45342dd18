/** What axe finds wrong with a part of a page. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Violations as `rule: first element`; none where all is well. */
export async function complaintsOfAxe(page: Page, selector = 'body'): Promise<string[]> {
  await page.evaluate(axe)
  return await page.evaluate(async (part) => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(part: string): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
      }
    }
    const { violations } = await axe.run(part)
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`)
  }, selector)
}
