/** A process that takes a folder and holds it until it is killed: what `folder-lock.test.ts` starts. */
import { takeFolder } from '../../../src/store/connect/folder-lock.ts'

await takeFolder(process.argv[2] ?? '')
process.stdout.write('taken\n')
process.stdin.resume()
