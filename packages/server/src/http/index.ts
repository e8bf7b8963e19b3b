export { buildServer } from './build-server.ts';
export type {
  Act,
  CleanStage,
  ExportFile,
  ExportRequest,
  HttpDeps,
  ImportStage,
  MeasureStage,
  ProfileStage,
  View,
} from './deps.ts';
export { operatorPolicy, type Policy, publicPolicy, workspacePolicy } from './policy.ts';
export { type CheckResult, diskCheck, freeBytes, type ReadinessCheck, storeChecks } from './readiness.ts';
export { registerRecommendDoor } from './routes/recommend-door.ts';
