import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Windows } from '../src/engine/api/windows.ts';
import type { OpenCubeAnswer } from '../src/engine/contract/cube.ts';
import { writeEnvi } from './testCubes.ts';
import { answerOf, TestEngine } from './testEngine.ts';

const host = new TestEngine(2);
afterAll(() => host.close());

beforeAll(() => {
  writeEnvi(host.folder, 'cube', {
    lines: 4,
    samples: 5,
    bands: 3,
    dataType: 'uint8',
    stored: (line, sample, band) => line + sample + band,
  });
});

/** Requests of one window. */
const windowOf = (id: string) => {
  const headers = { 'cubelens-window': id, 'content-type': 'application/json' };
  const fetch = (route: string, init: RequestInit = {}): Promise<Response> =>
    host.fetch(route, { ...init, headers });
  return {
    fetch,
    open: async (file = 'cube.img'): Promise<OpenCubeAnswer> => {
      const { grantId } = host.engine.grants.grantRead(host.at(file));
      return answerOf(await fetch('/cubes', { method: 'POST', body: JSON.stringify({ grantId }) }));
    },
    close: async (cubeId: string): Promise<number> =>
      (await fetch(`/cubes/${cubeId}`, { method: 'DELETE' })).status,
    list: async (): Promise<string[]> => {
      const { cubes } = await answerOf<{ cubes: OpenCubeAnswer[] }>(await fetch('/cubes'));
      return cubes.map(({ cubeId }) => cubeId);
    },
    status: async (cubeId: string): Promise<number> => (await fetch(`/cubes/${cubeId}`)).status,
  };
};

describe('two windows on one cube', () => {
  it('each lists and closes its own', async () => {
    const [one, two] = [windowOf('one'), windowOf('two')];
    const { cubeId } = await one.open();
    expect(await two.list()).toEqual([]);
    expect(await two.close(cubeId)).toBe(404);
    expect((await two.open()).cubeId).toBe(cubeId);
    expect(await one.close(cubeId)).toBe(204);
    expect(await one.list()).toEqual([]);
    expect(await two.list()).toEqual([cubeId]);
    expect(await two.status(cubeId)).toBe(200);
    expect(await two.close(cubeId)).toBe(204);
    expect(await two.status(cubeId)).toBe(404);
  });

  it('an id that is none is refused', async () => {
    expect((await windowOf('../x').fetch('/cubes')).status).toBe(400);
  });
});

describe('a person and replays', () => {
  it('never close each other’s cube, whatever order they come in', async () => {
    const opened = await host.open('cube.img');
    await host.export('cube', opened.cubeId, 'out.dat', { format: 'envi' });
    await host.fetch(`/cubes/${opened.cubeId}`, { method: 'DELETE' });
    const person = windowOf('person');
    // Two replays of one cube at once, and a person who opens and closes it in between, again and again.
    const bytes = readFileSync(host.at('out.dat'));
    for (let round = 0; round < 5; round++) {
      const replays = ['a', 'b'].map((name) => host.replay('out.dat.recipe.json', `${name}${round}.dat`));
      const { cubeId } = await person.open();
      if (round % 2 === 0) expect(await person.close(cubeId)).toBe(204);
      await Promise.all(replays);
      for (const name of ['a', 'b'])
        expect(readFileSync(host.at(`${name}${round}.dat`)).equals(bytes)).toBe(true);
      // The replays are over: what the person has open is still open, and what he closed is closed.
      expect(await person.list()).toEqual(round % 2 === 0 ? [] : [cubeId]);
      expect(await person.status(cubeId)).toBe(round % 2 === 0 ? 404 : 200);
      if (round % 2 === 1) await person.close(cubeId);
    }
  });

  it('a replay that fails gives its cube back', async () => {
    const recipe = JSON.parse(readFileSync(host.at('out.dat.recipe.json'), 'utf8')) as object;
    writeFileSync(
      host.at('bad.dat.recipe.json'),
      JSON.stringify({ ...recipe, kind: 'cube', parameters: {} }),
    );
    await expect(host.replay('bad.dat.recipe.json', 'bad.dat')).rejects.toThrow('malformed-file');
    const { openCubes } = await answerOf<{ openCubes: number }>(await host.fetch('/diagnostics'));
    expect(openCubes).toBe(0);
  });
});

describe('a window that is not heard of', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  const headers = (id: string): Headers => new Headers({ 'cubelens-window': id });

  it('lapses a minute after its last request; a waiting poll keeps it', async () => {
    vi.useFakeTimers();
    const lapsed: string[] = [];
    const windows = new Windows((holder) => lapsed.push(holder));
    const [gone, polling] = ['gone', 'polling'].map((id) => windows.holderOf(headers(id)));
    await windows.during(gone ?? '', () => Promise.resolve());
    let answer = (): void => undefined;
    const poll = windows.during(polling ?? '', () => new Promise<void>((resolve) => (answer = resolve)));
    expect(windows.activeWithin(5000)).toBe(true);
    await vi.advanceTimersByTimeAsync(59_000);
    expect([lapsed, windows.activeWithin(5000)]).toEqual([[], false]);
    await vi.advanceTimersByTimeAsync(6_001);
    expect(lapsed).toEqual([gone]);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(lapsed).toEqual([gone]);
    answer();
    await poll;
    await vi.advanceTimersByTimeAsync(66_000);
    expect(lapsed).toEqual([gone, polling]);
    expect(windows.size).toBe(0);
  });

  it('the host itself never lapses', async () => {
    vi.useFakeTimers();
    const windows = new Windows(() => {
      throw new Error('lapsed');
    });
    await windows.during(windows.holderOf(new Headers()), () => Promise.resolve());
    await vi.advanceTimersByTimeAsync(600_000);
    expect(windows.size).toBe(0);
    expect(windows.activeWithin(1e9)).toBe(false);
  });
});
