import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { createStopSignal, type SignalSource } from './stop-signal.ts';

function createSource() {
  const exits: number[] = [];
  const source = Object.assign(new EventEmitter(), { exit: (code: number) => void exits.push(code) });
  return { source: source satisfies SignalSource, exits };
}

test('the first signal drains and the second ends the process with the code of its number', () => {
  const { source, exits } = createSource();
  const heard: string[] = [];
  const stop = createStopSignal({ source, onDrain: (name) => heard.push(name) });
  expect(stop.signal.aborted).toBe(false);
  source.emit('SIGTERM');
  expect(stop.signal.aborted).toBe(true);
  expect(exits).toEqual([]);
  source.emit('SIGINT');
  expect(exits).toEqual([130]);
  expect(heard).toEqual(['SIGTERM']);
});

test('a second SIGTERM ends the process with 143', () => {
  const { source, exits } = createSource();
  createStopSignal({ source });
  source.emit('SIGTERM');
  source.emit('SIGTERM');
  expect(exits).toEqual([143]);
});

test('after close nothing listens any more', () => {
  const { source } = createSource();
  const stop = createStopSignal({ source });
  stop.close();
  stop.close();
  expect(source.eventNames()).toEqual([]);
});
