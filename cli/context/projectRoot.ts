import { fileURLToPath } from 'node:url'

/** Root folder of the project, where config/, deployments/ and var/ are. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')
