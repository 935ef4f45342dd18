/** Reading scenarios and their files. `diskSource` is the only part that touches the disk. */

export type { FileSource } from './bytes.ts'
export type { Override } from './compose.ts'
export { diskSource } from './files.ts'
export { type ReadScenario, readScenario } from './read.ts'
export { engineVersion } from './version.ts'
