export { type Examination, type ExamineOptions, examineProposal, titleOf } from './examineProposal.ts'
export { readSubject, type Subject } from './readSubject.ts'
