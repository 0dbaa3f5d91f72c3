export { createService, type Service, type ServiceScope } from './create-service.ts';
export { createReleasers, type Releasers } from './releasers.ts';
export { type ProcessScope, runProcess, whenAborted } from './run-process.ts';
export { createStopSignal, type SignalSource, type StopSignal } from './stop-signal.ts';
