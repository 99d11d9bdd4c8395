import type { Point } from './instrumentSolidity.ts'

/** Reached and all. */
export type Share = { readonly reached: number; readonly all: number }

export type FileCoverage = { readonly path: string; readonly statements: Share; readonly lines: Share; readonly branches: Share }

export type Coverage = {
  readonly files: readonly FileCoverage[]
  readonly total: FileCoverage
  /** What no test reached, by file and line. */
  readonly missed: readonly Point[]
}

/**
 * Coverage by file. A line counts when a statement begins on it, and is reached when all that begin on it are.
 *
 * @param points - All points; the number of a point is its place in the list.
 * @param reached - Numbers of those that some test reached.
 */
export function summarize(points: readonly Point[], reached: ReadonlySet<number>): Coverage {
  const numbered = points.map((point, number) => ({ point, isReached: reached.has(number) }))
  const byPath = Map.groupBy(numbered, ({ point }) => point.path)
  const shareOf = (items: readonly { readonly isReached: boolean }[]): Share => ({
    reached: items.filter(({ isReached }) => isReached).length,
    all: items.length,
  })
  const files = [...byPath].map(([path, items]): FileCoverage => {
    const [statements, branches] = [true, false].map((wanted) => items.filter(({ point }) => (point.kind === 'statement') === wanted))
    const lines = [...Map.groupBy(statements ?? [], ({ point }) => point.line).values()]
    return {
      path,
      statements: shareOf(statements ?? []),
      lines: shareOf(lines.map((onLine) => ({ isReached: onLine.every(({ isReached }) => isReached) }))),
      branches: shareOf(branches ?? []),
    }
  })
  const sum = (pick: (file: FileCoverage) => Share): Share => ({
    reached: files.reduce((total, file) => total + pick(file).reached, 0),
    all: files.reduce((total, file) => total + pick(file).all, 0),
  })
  const total = {
    path: 'all',
    statements: sum((file) => file.statements),
    lines: sum((file) => file.lines),
    branches: sum((file) => file.branches),
  }
  return {
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    total,
    missed: numbered.filter(({ isReached }) => !isReached).map(({ point }) => point),
  }
}
