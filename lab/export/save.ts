/** Files that the page makes, and how they reach the disk. */

import type { Figure } from '../../src/figures/sheet.ts'
import type { Ran } from '../state/store.ts'

/** Hands a file to the browser to save. */
export function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), REVOKE_AFTER_MS)
}

const REVOKE_AFTER_MS = 10_000

/** A text as a file. */
export function textFile(text: string, type: string): Blob {
  return new Blob([text], { type: `${type};charset=utf-8` })
}

/** Saves a text under a name that says what it is. */
export function saveText(name: string, text: string): void {
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain'
  save(name, textFile(text, type))
}

const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  md: 'text/markdown',
  svg: 'image/svg+xml',
  yaml: 'text/yaml',
}

/** The result, byte for byte what `firebreak run --json` prints. */
export function jsonOf({ report }: Pick<Ran, 'report'>): string {
  return `${JSON.stringify(report)}\n`
}

/** The document, byte for byte what `firebreak report` writes. */
export async function documentOf(
  { report }: Pick<Ran, 'report'>,
  command: string,
): Promise<string> {
  if (report.schema === 'firebreak.result/1') {
    const { reportFiles } = await import('../../src/document/files.ts')
    return reportFiles(report, ['html'], command)[0].text
  }
  const { timedReportFiles } = await import('../../src/document/timedFiles.ts')
  return timedReportFiles(report, ['html'], command)[0].text
}

/** A figure as pixels, two for each of its own. */
export async function pngOf({ svg, width, height }: Figure): Promise<Blob> {
  const picture = new Image()
  const address = URL.createObjectURL(textFile(svg, 'image/svg+xml'))
  try {
    picture.src = address
    await picture.decode()
    const canvas = document.createElement('canvas')
    canvas.width = PIXELS * width
    canvas.height = PIXELS * height
    canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob === null) reject(new Error('the browser cannot draw a picture of this size'))
        else resolve(blob)
      }, 'image/png')
    })
  } finally {
    URL.revokeObjectURL(address)
  }
}

const PIXELS = 2
