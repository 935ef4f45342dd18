/** What the page knows without a run: the examples, and what codes mean. */

import { allPages } from '../../src/cli/pages.ts'
import { examples } from './bundle.ts'
import type { Questions } from './protocol.ts'

export async function bundledExamples(): Promise<Questions['examples']['answer']> {
  return [...examples]
    .filter(([path]) => !path.includes('/_'))
    .map(([path, text]) => ({ entry: path.replace(/\.yaml$/, ''), about: aboutOf(text) }))
}

/** The first sentence of the comment that a scenario begins with. */
export function aboutOf(text: string): string {
  const lines = text.split('\n').filter((line) => !line.startsWith('# yaml-language-server'))
  const end = lines.findIndex((line) => !/^# ?\S/.test(line))
  const comment = lines.slice(0, end < 0 ? lines.length : end).map((line) => line.slice(2))
  return /^.*?[.](?=\s|$)/.exec(comment.join(' '))?.[0] ?? ''
}

export async function pageOf(code: string): Promise<Questions['page']['answer']> {
  return Object.hasOwn(allPages, code) ? allPages[code] : null
}
