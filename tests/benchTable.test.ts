import { expect, it } from 'vitest';
import { inTurns, median, timing } from '../bench/measure.ts';
import { emptyRow, judge, judgeMemory, ratioOf } from '../bench/row.ts';
import { formatTable } from '../bench/table.ts';

it('the median is the middle value, or the mean of the middle two', () => {
  expect(median([5, 1, 9])).toBe(5);
  expect(median([4, 1, 9, 2])).toBe(3);
  expect(median([])).toBeNaN();
});

it('works run in turn, and each keeps all its runs', async () => {
  const order: string[] = [];
  const work = (name: string, runs: number[]) => () => {
    order.push(name);
    return Promise.resolve(runs);
  };
  const times = await inTurns(2, { ours: work('ours', [3]), peer: work('peer', [1, 2]) });
  expect(order).toEqual(['ours', 'peer', 'ours', 'peer']);
  expect(times).toEqual({
    ours: { runs: [3, 3], median: 3 },
    peer: { runs: [1, 2, 1, 2], median: 1.5 },
  });
});

it('a row shows times, ratio, limit, memory and what is met', () => {
  const row = emptyRow('export, bsq');
  row.ours = timing([2, 1, 4]);
  row.peer = { name: 'SciPy', timing: timing([12]) };
  row.limits.push({ name: 'cp', timing: timing([0.4]) });
  judge(row, 'at least 5 x', ratioOf(row), (ratio) => ratio >= 5);
  judgeMemory(row, 500e6);
  const [headings, , first, second] = formatTable([row]).split('\n');
  expect(headings?.split(/ {2,}/)).toEqual(['work', 'ours', 'peer', 'ratio', 'limit', 'memory', 'criteria']);
  expect(first?.split(/ {2,}/)).toEqual([
    'export, bsq',
    '2.00 s',
    'SciPy 12.00 s',
    '6.00 x',
    'cp 400 ms',
    '500 MB',
    'at least 5 x: met',
  ]);
  expect(second?.trim()).toBe('under 500 MB: MISSED');
});

it('an absent peer leaves the rest of the row', () => {
  const row = emptyRow('export, bil');
  row.ours = timing([0.0123]);
  row.peer = 'absent: no scipy';
  judge(row, 'faster', ratioOf(row), (ratio) => ratio > 1);
  const line = formatTable([row]).split('\n')[2];
  expect(line?.split(/ {2,}/)).toEqual([
    'export, bil',
    '12.3 ms',
    'absent: no scipy',
    '-',
    '-',
    '-',
    'faster: not judged',
  ]);
});
