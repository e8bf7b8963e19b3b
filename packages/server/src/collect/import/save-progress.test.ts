import { expect, it } from 'vitest';
import { secondsLeftTeller } from './save-progress.ts';

it('tells how long it takes at the pace of the stage, not of the rows that were there before', () => {
  const left = secondsLeftTeller();
  expect(left({ stage: 'storing', rowsDone: 1_000, rowsTotal: 5_000 }, 0)).toBeNull();
  expect(left({ stage: 'storing', rowsDone: 2_000, rowsTotal: 5_000 }, 2_000)).toBe(6);
  expect(left({ stage: 'cleaning', rowsDone: 100, rowsTotal: 5_000 }, 9_000)).toBeNull();
  expect(left({ stage: 'cleaning', rowsDone: 2_550, rowsTotal: 5_000 }, 10_000)).toBe(1);
});

it('says nothing where the rows are not known or all done', () => {
  const left = secondsLeftTeller();
  expect(left({ stage: 'staging', rowsDone: 0, rowsTotal: null }, 0)).toBeNull();
  expect(left({ stage: 'staging', rowsDone: 10, rowsTotal: null }, 1_000)).toBeNull();
  expect(left({ stage: 'staging', rowsDone: 20, rowsTotal: 20 }, 2_000)).toBeNull();
});
