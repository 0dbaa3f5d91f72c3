export { createReporter, type ReporterOptions } from './reporter.ts';
export { buildWeeklyReport, type Figure, type WeeklyReport } from './reports/weekly-report.ts';
export { toWeeklyFile, writeWeekly } from './write-weekly.ts';
