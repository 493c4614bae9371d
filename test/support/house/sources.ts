/** Reads the TypeScript files of a folder into memory. It judges nothing about them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectFolder = fileURLToPath(new URL('../../../', import.meta.url))

/** The text of every `.ts` and `.tsx` file under a folder of the project, by its path from the top with `/`. */
export function readSources(folder: string): Map<string, string> {
  const files = readdirSync(join(projectFolder, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  return new Map(files.map((file) => [relative(projectFolder, file).split(sep).join('/'), readFileSync(file, 'utf8')]))
}
