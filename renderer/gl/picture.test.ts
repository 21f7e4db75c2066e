import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Colouring, ImageSource, LoadingState, ViewProblem } from './imageSource.ts';
import { Picture } from './picture.ts';
import { refusal, TestFetch } from './testFetch.ts';
import type { Projection } from './viewGeometry.ts';

const gray: Colouring = { kind: 'map', colours: new Uint8Array(768), low: 0, high: 1 };
const image = (key: string, more: Partial<ImageSource> = {}): ImageSource => ({
  key,
  lines: 512,
  samples: 512,
  tileSize: 256,
  levels: 2,
  planes: 1,
  url: (level, row, column) => `${key}:${level}/${row}/${column}`,
  ...more,
});
/** All of it at 1:1: four tiles of level 0. */
const whole: Projection = { line0: 0, sample0: 0, perLine: 1, perSample: 1, width: 512, height: 512 };
/** The upper left tile alone. */
const corner: Projection = { ...whole, width: 256, height: 256 };

function start(to: Projection | null = whole, budgetBytes = 1000) {
  const engine = new TestFetch();
  const told = {
    loading: [] as LoadingState[],
    problems: [] as (ViewProblem | null)[],
    gone: [] as string[],
  };
  const picture = new Picture<string>({
    viewId: 'v',
    fetchTile: engine.fetch,
    bytesOf: () => 1,
    dispose: (tile) => told.gone.push(tile),
    onChange: () => undefined,
    onLoading: (state) => told.loading.push(state),
    onProblem: (problem) => told.problems.push(problem),
    budgetBytes,
  });
  picture.setView(to);
  const drawn = () => picture.drawn().map(({ key, isComplete }) => `${key}${isComplete ? '' : '...'}`);
  return { engine, told, picture, drawn };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('Picture', () => {
  it('fetches a coarse picture first, then what is seen, and the surroundings when the view rests', async () => {
    const { engine, told, picture, drawn } = start(corner);
    picture.setImage(image('a'), gray);
    expect(await engine.answerAll()).toEqual(['a:1/0/0', 'a:0/0/0']);
    expect(drawn()).toEqual(['a']);
    expect(told.loading).toEqual([
      { pending: 1, failed: 0 },
      { pending: 0, failed: 0 },
    ]);
    vi.advanceTimersByTime(250);
    expect(engine.open.map(({ headers }) => headers['cubelens-priority'])).toEqual(Array(3).fill('prefetch'));
    expect(await engine.answerAll()).toHaveLength(3);
    picture.setView(whole);
    expect(engine.urls).toEqual([]);
  });

  it('fetches an image that is about to be set, shows nothing of it, and asks for none of its tiles twice', async () => {
    const { engine, picture, drawn, told } = start();
    picture.setImage(image('a'), gray);
    picture.prepare(image('b'));
    // Nothing of the present image waits for one that is not shown.
    expect(engine.urls.every((url) => url.startsWith('a'))).toBe(true);
    await engine.answerAll();
    picture.prepare(image('b'));
    expect(engine.urls).toEqual(['b:0/0/0', 'b:0/0/1', 'b:0/1/0', 'b:0/1/1']);
    await engine.answer('b:0/0/0');
    await engine.fail(refusal('invalid-request'), 'b:0/0/1');
    expect([drawn(), told.problems]).toEqual([['a'], []]);
    picture.setImage(image('b'));
    expect(engine.urls.sort()).toEqual(['b:0/0/1', 'b:0/1/0', 'b:0/1/1']);
    await engine.answerAll();
    expect(drawn()).toEqual(['b']);
  });

  it('keeps the old picture until the new one covers it, without a blurred one in between', async () => {
    const { engine, picture, drawn } = start();
    picture.setImage(image('a'), gray);
    await engine.answerAll();
    picture.setImage(image('b'));
    expect(engine.urls).toEqual(['b:0/0/0', 'b:0/0/1', 'b:0/1/0', 'b:0/1/1']);
    await engine.answer();
    expect(drawn()).toEqual(['a', 'b...']);
    expect(picture.drawn()[1]?.tiles.tiles.map(({ tile }) => tile)).toEqual(['b:0/0/0']);
    await engine.answerAll();
    expect(drawn()).toEqual(['b']);
  });

  it('completes what it began while a slider moves, leaves out what lies between, ends with the latest', async () => {
    const { engine, picture, drawn } = start();
    picture.setImage(image('a'), gray);
    await engine.answerAll();
    for (const key of ['b', 'c', 'd', 'e']) picture.setImage(image(key));
    expect(picture.source?.key).toBe('e');
    const urls = await engine.answerAll();
    expect(urls.map((url) => url.charAt(0)).join('')).toBe('bbbbeeee');
    expect(drawn()).toEqual(['e']);
  });

  it('gives a slow image up for a newer one after a second', async () => {
    const { engine, picture } = start();
    picture.setImage(image('a'), gray);
    await engine.answerAll();
    picture.setImage(image('b'));
    picture.setImage(image('c'));
    vi.advanceTimersByTime(990);
    expect(engine.urls[0]).toBe('b:0/0/0');
    vi.advanceTimersByTime(20);
    expect(engine.urls).toEqual(['c:0/0/0', 'c:0/0/1', 'c:0/1/0', 'c:0/1/1']);
    expect(engine.open[0]?.headers['cubelens-generation']).toBe('2');
  });

  it('shows at once what it has, also while another is on its way', async () => {
    const { engine, picture, drawn } = start();
    for (const key of ['a', 'b']) {
      picture.setImage(image(key), gray);
      await engine.answerAll();
    }
    picture.setImage(image('c'));
    picture.setImage(image('a'));
    expect(drawn()).toEqual(['a']);
    expect(engine.urls).toEqual([]);
  });

  it('going back to the image on its way forgets the one that waits', async () => {
    const { engine, picture } = start();
    picture.setImage(image('a'), gray);
    picture.setImage(image('b'));
    picture.setImage(image('a'));
    expect((await engine.answerAll()).every((url) => url.startsWith('a'))).toBe(true);
  });

  it('colours each image by its own, the latest one from now on', async () => {
    const { engine, picture } = start();
    const red: Colouring = { ...gray, low: -1 };
    picture.setImage(image('a'), gray);
    await engine.answerAll();
    picture.setImage(image('b'));
    picture.setColouring(red);
    await engine.answer();
    expect(picture.drawn().map(({ colouring }) => colouring)).toEqual([gray, red]);
  });

  it('waits with an image of three planes for a colouring of three', async () => {
    const { engine, picture, drawn } = start();
    picture.setImage(image('a'), gray);
    await engine.answerAll();
    picture.setImage(image('rgb', { planes: 3 }));
    await engine.answerAll();
    expect(drawn()).toEqual(['a']);
    const limits = { low: 0, high: 1 };
    picture.setColouring({ kind: 'rgb', limits: [limits, limits, limits] });
    expect(drawn()).toEqual(['rgb']);
  });

  it('starts from nothing where lines or samples differ', async () => {
    const { engine, picture, drawn } = start();
    picture.setImage(image('a'), gray);
    await engine.answerAll();
    picture.setImage(image('b', { lines: 300 }));
    expect(drawn()).toEqual(['b...']);
    picture.setImage(null);
    expect(drawn()).toEqual([]);
    expect(engine.urls).toEqual([]);
  });

  it('keeps what is on the screen and drops the oldest of the rest', async () => {
    const { engine, told, picture } = start(whole, 6);
    for (const key of ['a', 'b', 'c']) {
      picture.setImage(image(key), gray);
      await engine.answerAll();
      picture.drawn();
    }
    expect(told.gone.every((tile) => !tile.startsWith('c'))).toBe(true);
    expect(told.gone).toContain('a:0/0/0');
    expect(picture.drawn()[0]?.tiles.tiles).toHaveLength(4);
    picture.dispose();
    expect(told.gone).toHaveLength(13);
  });
});

describe('failures', () => {
  it('of a tile are said, hatched, and tried again on request', async () => {
    const { engine, told, picture, drawn } = start();
    picture.setImage(image('a'), gray);
    for (let i = 0; i < 2; i++) await engine.fail(refusal('malformed-file', 'Tile broken.'), 'a:0/0/1');
    await engine.answerAll();
    expect(told.problems).toEqual([{ message: 'Tile broken.', remedy: 'Do something else.' }]);
    expect(told.loading.at(-1)).toEqual({ pending: 0, failed: 1 });
    expect(picture.drawn()[0]?.tiles.failed).toMatchObject([{ x0: 256, y0: 0 }]);
    expect(drawn()).toEqual(['a...']);
    picture.retry();
    expect(engine.urls).toEqual(['a:0/0/1']);
    await engine.answerAll();
    expect(told.problems.at(-1)).toBeNull();
    expect(drawn()).toEqual(['a']);
  });

  it('a refused image is asked for once and hatched as a whole', async () => {
    const { engine, told, picture } = start();
    picture.setImage(image('a'), gray);
    await engine.fail(refusal('invalid-request', 'Band 128 is bad.'));
    expect(engine.urls).toEqual([]);
    expect(told.problems).toEqual([{ message: 'Band 128 is bad.', remedy: 'Do something else.' }]);
    expect(picture.drawn()[0]?.tiles.failed).toHaveLength(4);
    picture.setImage(image('b'));
    expect(told.problems.at(-1)).toBeNull();
    expect(await engine.answerAll()).toHaveLength(5);
  });

  it('nobody answers: said once, the picture stays, the next image tries again', async () => {
    const { engine, told, picture, drawn } = start();
    picture.setImage(image('a'), gray);
    await engine.answerAll();
    picture.setImage(image('b'));
    for (let i = 0; i < 5; i++) await engine.fail(refusal('lost'));
    expect(told.problems).toEqual([{ message: 'The engine does not answer.', remedy: expect.any(String) }]);
    expect(drawn()).toEqual(['a', 'b...']);
    expect(picture.drawn()[1]?.tiles.failed).toEqual([]);
    picture.setImage(image('b'));
    await engine.answerAll();
    expect(told.problems.at(-1)).toBeNull();
    expect(drawn()).toEqual(['b']);
  });
});

describe('a lost graphics card', () => {
  it('is given all tiles anew', async () => {
    const { engine, told, picture, drawn } = start();
    picture.setImage(image('a'), gray);
    await engine.answerAll();
    picture.forgetTiles();
    expect(told.gone).toHaveLength(5);
    expect(engine.urls).toEqual([]);
    picture.retry();
    expect(await engine.answerAll()).toHaveLength(5);
    expect(drawn()).toEqual(['a']);
  });
});
