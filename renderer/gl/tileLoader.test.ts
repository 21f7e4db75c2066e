import { describe, expect, it } from 'vitest';
import { refusal, TestFetch } from './testFetch.ts';
import { requestsAtOnce, TileLoader, type TileRequest } from './tileLoader.ts';

const request = (name: string, priority: 0 | 1 | 2 = 1): TileRequest => ({
  level: 0,
  row: 0,
  column: 0,
  priority,
  id: name,
  url: name,
});
const requests = (names: string): TileRequest[] => names.split('').map((name) => request(name));

function start() {
  const engine = new TestFetch();
  const told: string[] = [];
  const loader = new TileLoader<string>('view', engine.fetch, {
    loaded: ({ id }) => told.push(id),
    failed: ({ id }, { message }, kind) => told.push(`${id} ${kind}: ${message}`),
  });
  return { engine, told, loader };
}

describe('TileLoader', () => {
  it('asks in order, a few at once, and says view, generation and priority', async () => {
    const { engine, told, loader } = start();
    loader.want([request('a', 0), ...requests('bcdefg')]);
    expect(engine.urls).toEqual(['a', 'b', 'c', 'd']);
    expect(requestsAtOnce).toBe(4);
    expect(engine.open[0]?.headers).toEqual({
      'cubelens-view': 'view',
      'cubelens-generation': '1',
      'cubelens-priority': 'visible',
    });
    expect(await engine.answerAll()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(told.join('')).toBe('abcdefg');
    expect(loader.underWay).toBe(0);
  });

  it('aborts what is no longer wanted and keeps what is, in its generation', () => {
    const { engine, loader } = start();
    loader.want(requests('abcd'));
    loader.want(requests('dxyz'));
    expect(engine.urls).toEqual(['d', 'x', 'y', 'z']);
    expect(engine.asked.slice(0, 4).map(({ signal }) => signal.aborted)).toEqual([true, true, true, false]);
    // Work of generation 1 is still wanted: a newer generation would drop it.
    expect(engine.open.map(({ headers }) => headers['cubelens-generation'])).toEqual(Array(4).fill('1'));
    loader.want(requests('mn'));
    expect(engine.open.map(({ headers }) => headers['cubelens-generation'])).toEqual(['2', '2']);
  });

  it('tells nothing of aborted requests, however they end', async () => {
    const { engine, told, loader } = start();
    loader.want(requests('a'));
    const [asked] = engine.asked;
    loader.want([]);
    asked?.answer('a');
    await engine.answerAll();
    expect(told).toEqual([]);
    loader.want(requests('a'));
    await engine.answerAll();
    expect(told).toEqual(['a']);
  });

  it('tries a failed tile once more', async () => {
    const { engine, told, loader } = start();
    loader.want(requests('ab'));
    await engine.fail(refusal('internal'), 'a');
    expect(told).toEqual([]);
    expect(engine.urls).toEqual(['b', 'a']);
    await engine.fail(refusal('internal', 'Broken.'), 'a');
    expect(told).toEqual(['a tile: Broken.']);
    await engine.answerAll();
    expect(told.at(-1)).toBe('b');
  });

  it('does not repeat what was refused', async () => {
    const { engine, told, loader } = start();
    loader.want(requests('a'));
    await engine.fail(refusal('invalid-request', 'Band 128 is bad.'));
    expect(told).toEqual(['a refused: Band 128 is bad.']);
    expect(engine.urls).toEqual([]);
  });

  it('asks again for a wanted tile that was dropped, but not for ever', async () => {
    const { engine, told, loader } = start();
    loader.want(requests('a'));
    for (let i = 0; i < 5; i++) await engine.fail(refusal('cancelled'));
    expect(told).toEqual([]);
    await engine.answerAll();
    expect(told).toEqual(['a']);
    loader.want(requests('b'));
    for (let i = 0; i < 7; i++) await engine.fail(refusal('cancelled'));
    expect(told).toEqual(['a', 'b tile: No.']);
  });

  it('says once that nobody answers, and asks no more until told to', async () => {
    const { engine, told, loader } = start();
    loader.want(requests('abcdef'));
    for (const url of ['a', 'a', 'b', 'c', 'd']) await engine.fail(refusal('lost', 'Nobody.'), url);
    expect(told).toEqual(['a lost: Nobody.']);
    loader.want(requests('abcdef'));
    expect(engine.urls).toEqual([]);
    loader.reset();
    loader.want(requests('abcdef'));
    expect(await engine.answerAll()).toHaveLength(6);
  });
});
