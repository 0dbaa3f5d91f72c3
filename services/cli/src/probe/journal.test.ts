import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileInput } from '@kubecensus/shared/addresses';
import { afterAll, expect, test } from 'vitest';
import { findInJournal } from '../owners/journal-touches.ts';
import { createJournal } from './journal.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'journal-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const head = {
  version: '0.1.0',
  component: 'kubelet',
  operatorUrl: undefined,
  operatorMail: undefined,
  purpose: 'a test',
  rate: 10,
};

test('every connect is in the journal before it is made, later runs are added, and an address is found again', async () => {
  const file = path.join(directory, 'probe.jsonl');
  const first = createJournal(file, () => head);
  expect(first.note('127.0.0.1', 10_250)).toBe(true);
  expect(readFileSync(file, 'utf8')).toContain('"address":"127.0.0.1"');
  first.close();
  const second = createJournal(file, () => ({ ...head, component: 'kube-apiserver' }));
  second.note('127.0.0.1', 6443);
  second.note('::1', 6443);
  second.close();
  writeFileSync(file, '{"at":"2026-', { flag: 'a' });
  expect(await findInJournal(fileInput(file), '127.0.0.1')).toMatchObject([
    { address: '127.0.0.1', port: 10_250, component: 'kubelet', journal: file },
    { address: '127.0.0.1', port: 6443, component: 'kube-apiserver' },
  ]);
});

test('a run that dials nothing leaves no file', () => {
  const file = path.join(directory, 'idle.jsonl');
  createJournal(file, () => head).close();
  expect(existsSync(file)).toBe(false);
});

test('what cannot be written down is not dialled, and the run ends with that', () => {
  // Linux has a disk that is always full; elsewhere a directory takes no lines either.
  for (const file of [path.join(directory, 'no', 'probe.jsonl'), existsSync('/dev/full') ? '/dev/full' : directory]) {
    const journal = createJournal(file, () => head);
    expect(journal.note('127.0.0.1', 6443)).toBe(false);
    expect(journal.note('127.0.0.2', 6443)).toBe(false);
    expect(() => journal.assertWritable()).toThrow(expect.objectContaining({ code: 'JOURNAL_UNWRITABLE' }));
    expect(() => journal.close()).toThrow(/nothing more is dialled/);
  }
});
