export { BallastError, FatalError, RetryableError } from './BallastError.ts'
export { InvalidInputError } from './InvalidInputError.ts'
export { OutOfRangeError } from './OutOfRangeError.ts'
