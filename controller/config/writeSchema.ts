// Writes config/schema/daemon.json, the JSON Schema of the configuration file. A test compares the file with the schema.
import { writeFileSync } from 'node:fs'
import { daemonSchemaText } from './schema.ts'

writeFileSync(new URL('../../config/schema/daemon.json', import.meta.url), daemonSchemaText())
