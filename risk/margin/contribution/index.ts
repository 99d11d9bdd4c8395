export { type MarginContributions, marginContributions } from './marginContributions.ts'
