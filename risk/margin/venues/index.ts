export { evaluateScenarioSet, type ScenarioAssessment } from './evaluateScenarioSet.ts'
