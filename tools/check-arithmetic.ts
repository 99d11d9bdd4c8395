// Holds the arithmetic rule: what can reach a signed value uses only operations that IEEE-754 fixes, and knows neither time nor chance.
// Math.pow, exp, log and trigonometry differ between engines in the last bit; risk/math has them built from fixed operations.
import ts from 'typescript'
import type { Fault, Source } from './faults.ts'

// Files or folders that may do otherwise, each with its reason.
const exceptions: Readonly<Record<string, string>> = {}

const exactFunctions = ['sqrt', 'abs', 'min', 'max', 'floor', 'ceil', 'round', 'trunc', 'sign', 'imul', 'clz32', 'fround']
const constants = ['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2']
const allowedOfMath = new Set([...exactFunctions, ...constants])

/** Uses of inexact functions, time or chance in a file of risk/; none for files elsewhere. */
export function findArithmeticFaults({ path, text }: Source): Fault[] {
  if (!path.startsWith('risk/') || Object.keys(exceptions).some((free) => path === free || path.startsWith(`${free}/`))) return []
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const faults: Fault[] = []
  const visit = (node: ts.Node): void => {
    const message = faultOf(node)
    if (message !== undefined) {
      faults.push({ path, line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, rule: 'arithmetic', message })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return faults
}

function faultOf(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) && isReference(node)) return globalFault(node)
  if (ts.isBinaryExpression(node)) return powerFault(node)
  if (ts.isNewExpression(node) && isNamed(node.expression, 'Date') && !node.arguments?.length)
    return 'new Date() reads the clock; time is an argument'
  if (ts.isCallExpression(node) && isNamed(node.expression, 'Date')) return 'Date() reads the clock; time is an argument'
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier) && node.moduleSpecifier.text === 'simple-statistics') {
    return 'simple-statistics is not exact; use risk/math'
  }
  return undefined
}

/** Whether an identifier stands for a variable, not for the name of a property, as in `table.Math` or `{ Math: 1 }`. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  const isMember = ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)
  return !((isMember || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) && parent.name === node)
}

function globalFault(node: ts.Identifier): string | undefined {
  const property = ts.isPropertyAccessExpression(node.parent) ? node.parent.name.text : undefined
  switch (node.text) {
    case 'Math':
      if (property === undefined) return 'Math may only be used as Math.<name>, so that this check can see what is used'
      if (property === 'random') return 'Math.random is not reproducible; a seed is an argument'
      return allowedOfMath.has(property) ? undefined : `Math.${property} differs between engines; use risk/math`
    case 'Date':
      return property === 'now' ? 'Date.now reads the clock; time is an argument' : undefined
    case 'performance':
      return 'performance reads the clock; time is an argument'
    case 'globalThis':
      return 'globalThis goes round this check; name the global itself'
    default:
      return undefined
  }
}

function powerFault(node: ts.BinaryExpression): string | undefined {
  const { kind } = node.operatorToken
  if (kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken) return '**= differs between engines; use risk/math'
  if (kind !== ts.SyntaxKind.AsteriskAsteriskToken) return undefined
  if (ts.isBigIntLiteral(node.left) && ts.isBigIntLiteral(node.right)) return undefined
  return '** differs between engines; use risk/math (only bigint literals are exact, for example 10n ** 18n)'
}

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name
}
