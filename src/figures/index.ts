/** Figures as SVG strings from a report, the same in Node and in a browser. */

export { caption, captionSegments, type Segment } from './caption.ts'
export { cobweb } from './cobweb.ts'
export { contagion } from './contagion.ts'
export { generations } from './generations.ts'
export { healthHistogram } from './healthHistogram.ts'
export { levels } from './levels.ts'
export { response } from './response.ts'
export type { Figure, FigureOptions } from './sheet.ts'
export { slippage } from './slippage.ts'
export { closeup, timeline } from './timeline.ts'
