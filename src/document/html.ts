/**
 * A report as one HTML file: nothing is loaded from anywhere, light and dark, readable in print.
 */

import type { Segment } from '../figures/caption.ts'
import { escapeText } from '../figures/svg.ts'
import { themes } from '../figures/theme.ts'
import { counted } from '../format.ts'
import type { Block, FigureSet, Headline, Verdict } from './outline.ts'
import { csv, display, isNumeric, type Table } from './table.ts'

/** Returns the document; `title` stands in the browser's tab. */
export function html(blocks: readonly Block[], title: string): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeText(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...blocks.map(print),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function print(block: Block): string {
  switch (block.kind) {
    case 'title':
      return `<h1>${escapeText(block.text)}</h1>\n<p class="note">${escapeText(block.note)}</p>`
    case 'sentence':
      return `<p class="sentence">${block.segments.map(segment).join('')}</p>`
    case 'numbers':
      return `<dl class="numbers">${block.numbers.map(headline).join('')}</dl>`
    case 'verdicts':
      return `<ul class="verdicts">${block.verdicts.map(verdict).join('')}</ul>`
    case 'section':
      return `<h2>${escapeText(block.text)}</h2>`
    case 'figure':
      return figure(block.figure)
    case 'table':
      return table(block.table, block.rowsMax)
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escapeText(item)}</li>`).join('')}</ul>`
    case 'code':
      return `<pre>${escapeText(block.text)}</pre>`
  }
}

function segment({ text, tone }: Segment): string {
  return tone === 'plain' ? escapeText(text) : `<span class="${tone}">${escapeText(text)}</span>`
}

function verdict({ mark, text }: Verdict): string {
  const tone = { '✓': 'ok', '✗': 'total', '!': 'warn' }[mark]
  return `<li><span class="${tone}">${mark}</span> ${escapeText(text)}</li>`
}

function headline({ label, value, note, tone }: Headline): string {
  return (
    `<div><dt>${escapeText(label)}</dt><dd class="value ${tone}">${escapeText(value)}</dd>` +
    `<dd class="note">${escapeText(note)}</dd></div>`
  )
}

function figure({ name, wide, narrow }: FigureSet): string {
  return [
    '<figure>',
    `<div class="light wide">${wide.light.svg}</div>`,
    `<div class="dark wide">${wide.dark.svg}</div>`,
    `<div class="light narrow">${narrow.light.svg}</div>`,
    `<div class="dark narrow">${narrow.dark.svg}</div>`,
    '<figcaption>',
    '<details><summary>In words and numbers</summary>',
    `<p>${escapeText(wide.light.description)}</p>`,
    `<pre class="data" tabindex="0">${escapeText(wide.light.csv)}</pre></details>`,
    download(`${name}.csv`, 'text/csv', wide.light.csv, 'Data (CSV)'),
    download(`${name}.svg`, 'image/svg+xml', wide.light.svg, 'Picture (SVG)'),
    '</figcaption>',
    '</figure>',
  ].join('\n')
}

/** Tables longer than `rowsMax` are folded, so that the page stays readable. */
function table(data: Table, rowsMax: number): string {
  const link = download(`${data.name}.csv`, 'text/csv', csv(data), 'CSV')
  const rows = data.rows.map((row) => {
    const cells = row.map((value, i) => cell('td', display(value, data.columns[i].unit), data, i))
    return `<tr>${cells.join('')}</tr>`
  })
  const head = data.columns.map(({ title }, i) => cell('th', title, data, i)).join('')
  const grid =
    '<div class="scroll" tabindex="0" role="region" ' +
    `aria-label="${escapeText(data.title)}"><table><thead><tr>${head}</tr></thead>` +
    `<tbody>\n${rows.join('\n')}\n</tbody></table></div>`
  const title = `<h3>${escapeText(data.title)} ${link}</h3>\n<p class="note">${escapeText(data.note)}</p>`
  if (rows.length <= rowsMax) return `${title}\n${grid}`
  return `${title}\n<details><summary>${counted(rows.length, 'row')}</summary>${grid}</details>`
}

function cell(tag: 'td' | 'th', text: string, data: Table, column: number): string {
  const scope = tag === 'th' ? ' scope="col"' : ''
  const align = isNumeric(data.columns[column].unit) ? ' class="number"' : ''
  return `<${tag}${scope}${align}>${escapeText(text)}</${tag}>`
}

function download(name: string, type: string, content: string, words: string): string {
  const href = `data:${type};charset=utf-8,${encodeURIComponent(content.replace(/\p{Surrogate}/gu, '\ufffd'))}`
  return `<a class="save" download="${escapeText(name)}" href="${escapeText(href)}">${words}</a>`
}

function variables(name: 'light' | 'dark'): string {
  const theme = themes[name]
  return [
    `--surface:${theme.surface}`,
    `--sunken:${theme.sunken}`,
    `--line:${theme.line}`,
    `--ink1:${theme.ink1}`,
    `--ink2:${theme.ink2}`,
    `--ink3:${theme.ink3}`,
    `--first:${theme.firstText}`,
    `--total:${theme.totalText}`,
    `--ok:${theme.absorbText}`,
    `--warn:${theme.warningText}`,
  ].join(';')
}

const style = `
:root{${variables('light')}}
*{box-sizing:border-box}
body{margin:0;background:var(--surface);color:var(--ink1);
font:15px/24px -apple-system,"Segoe UI",Roboto,Ubuntu,"Helvetica Neue",Arial,sans-serif;
font-variant-numeric:tabular-nums}
main{max-width:752px;margin:0 auto;padding:32px 16px 64px}
h1{font-size:26px;line-height:32px;margin:0 0 4px}
h2{font-size:18px;line-height:24px;margin:48px 0 8px;padding-top:16px;
border-top:1px solid var(--line)}
h3{font-size:14px;line-height:20px;margin:24px 0 0}
p,ul{margin:8px 0}
ul{padding-left:20px}
.note{font-size:13px;line-height:20px;color:var(--ink2);margin:0 0 8px}
.sentence{font-size:18px;line-height:26px;font-weight:600;margin:24px 0}
.first{color:var(--first)}
.total{color:var(--total)}
.ok{color:var(--ok)}
.warn{color:var(--warn);font-weight:700}
.verdicts{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:4px 20px;font-size:13px;
line-height:20px}
.data{max-height:240px;overflow:auto}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(128px,1fr));gap:16px;
margin:0 0 24px}
.numbers dt{font-size:12px;line-height:16px;color:var(--ink3)}
.numbers dd{margin:0}
.numbers .value{font-size:24px;line-height:32px;font-weight:700}
.numbers .note{font-size:12px;line-height:16px}
figure{margin:24px 0}
figure svg{display:block;width:100%;height:auto}
figcaption{font-size:13px;line-height:20px;color:var(--ink2);margin-top:8px}
.dark,.narrow{display:none}
.save{color:var(--first);font-size:12px;font-weight:400;margin-left:8px}
.scroll{overflow-x:auto}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--first);
outline-offset:2px}
table{border-collapse:collapse;font-size:12px;line-height:16px}
th,td{text-align:left;vertical-align:top;padding:4px 12px 4px 0;
border-bottom:1px solid var(--line)}
td{overflow-wrap:break-word;min-width:48px}
th{color:var(--ink3);font-weight:600;white-space:nowrap}
.number{text-align:right;white-space:nowrap}
summary{cursor:pointer;font-size:13px;min-height:24px}
figcaption details{display:inline-block;max-width:100%}
figcaption details[open]{display:block}
pre{background:var(--sunken);border-radius:6px;padding:12px 16px;overflow-x:auto;
font:12px/18px ui-monospace,SFMono-Regular,Menlo,Consolas,"Roboto Mono","DejaVu Sans Mono",monospace}
@media screen and (max-width:599px){
.light.wide{display:none}
.light.narrow{display:block}
}
@media screen and (prefers-color-scheme:dark){
:root{${variables('dark')}}
.light.wide,.light.narrow{display:none}
.dark.wide{display:block}
}
@media screen and (prefers-color-scheme:dark) and (max-width:599px){
.dark.wide{display:none}
.dark.narrow{display:block}
}
@media print{
td{overflow-wrap:anywhere}
details:not([open])>:not(summary){display:block}
main{max-width:none}
}
`
