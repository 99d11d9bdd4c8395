// Writes config/schema/proposal.json, the JSON Schema of a draft. A test compares the file with the schema.
import { writeFileSync } from 'node:fs'
import { draftSchemaText } from './draftSchema.ts'

writeFileSync(new URL('../../config/schema/proposal.json', import.meta.url), draftSchemaText())
