import { FatalError } from '../../risk/errors/index.ts'

/** One thing that is wrong with a draft. Line and column count from 1; null where the fault has no place in the file. */
export type DraftProblem = {
  readonly line: number | null
  readonly column: number | null
  /** Path inside the file, for example `actions[0].values.margin.priceScanRange`; empty for the whole file. */
  readonly path: string
  /** What was given and what is allowed. */
  readonly problem: string
}

/** A draft cannot become a proposal; every problem found is listed, in the order of the file. */
export class DraftError extends FatalError {
  override readonly name = 'DraftError'
  readonly context: { readonly file: string; readonly problems: readonly DraftProblem[] }
  constructor(context: DraftError['context'], options?: ErrorOptions) {
    const { file, problems } = context
    const lines = problems.map(({ line, column, path, problem }) => {
      const place = line === null ? file : `${file}:${line}:${column ?? 1}`
      return `  ${place}: ${path === '' ? '' : `${path}: `}${problem}`
    })
    super(`${file} has ${problems.length} problem${problems.length === 1 ? '' : 's'}:\n${lines.join('\n')}`, options)
    this.context = context
  }
}
