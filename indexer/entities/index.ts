import type { Entity } from './Entity.ts'
import * as governance from './governance.ts'
import * as mandate from './mandate.ts'
import * as parameters from './parameters.ts'

export * from './Entity.ts'
export * from './governance.ts'
export * from './mandate.ts'
export * from './parameters.ts'

const isEntity = (value: unknown): value is Entity => typeof value === 'object' && value !== null && 'columns' in value

/** All tables of the index, in the order of the schema. A new one needs its definition in one of the modules above. */
export const entities: readonly Entity[] = [parameters, mandate, governance].flatMap((module) => Object.values(module).filter(isEntity))
