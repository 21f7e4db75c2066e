import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { findBrowser } from '../../scripts/browser.ts';
import { timing } from '../measure.ts';
import { emptyRow, judge } from '../row.ts';
import type { Stage } from '../stage.ts';

const program = join(import.meta.dirname, '../../bin/cubelens.cjs');
const built = join(import.meta.dirname, '../../dist/renderer/index.html');

/**
 * What a person sees: from a click to its drawn curves, from a step of a slider to the drawn image, in a real browser. Times are
 * taken inside the page, from the event to the frame after the new picture.
 */
export async function uiRows(stage: Stage): Promise<void> {
  const browser = findBrowser();
  if ('why' in browser || !existsSync(built)) {
    const why = 'why' in browser ? browser.why : 'the window is not built (npm run build)';
    stage.say(`  not measured: ${why}`);
    return;
  }
  const { headerPath } = await stage.cube('bsq');
  const { child, url } = await serve(headerPath, stage.scratch);
  try {
    const chrome = await chromium.launch({ executablePath: browser.path, args: launchArguments() });
    try {
      await measure(stage, chrome, url);
    } finally {
      await chrome.close();
    }
  } finally {
    child.kill('SIGTERM');
  }
}

async function measure(stage: Stage, chrome: Browser, url: string): Promise<void> {
  const page = await chrome.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  await page.goto(url);
  await page.waitForSelector('.band-view[data-drawn=true]', { timeout: 60_000 });
  const { renderer, frames } = await aboutPage(page);
  const rounds = stage.quick ? 10 : 60;
  const add = (work: string, times: number[], limitMs: number): void => {
    const row = emptyRow(work);
    const seconds = times.map((ms) => ms / 1000);
    row.ours = timing(seconds);
    row.limits.push({ name: 'one frame of the same page', timing: timing(frames.map((ms) => ms / 1000)) });
    const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
    row.notes.push(
      `p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms of ${times.length}; drawn by ${renderer}`,
    );
    judge(row, `p95 within ${limitMs} ms`, p95, (ms) => ms <= limitMs);
    stage.report(row);
  };
  const size = `${stage.shape.lines} x ${stage.shape.samples}`;
  add(`click to drawn curves, ${stage.shape.bands} bands`, await clicks(page, rounds), 16);
  add(`band slider to drawn image, ${size}`, await bandSteps(page, rounds), 50);
  await page.keyboard.press('4');
  await page.waitForSelector('.band-view[data-drawn=true]');
  add(`band slider to drawn derivative image, ${size}`, await bandSteps(page, rounds), 50);
  add(`window of the filter to drawn derivative image, ${size}`, await windowSteps(page, rounds), 50);
}

/** What draws, and how long a frame of a page takes that has nothing to do. */
function aboutPage(page: Page): Promise<{ renderer: string; frames: number[] }> {
  return page.evaluate(async () => {
    const gl = document.createElement('canvas').getContext('webgl2');
    const info = gl?.getExtension('WEBGL_debug_renderer_info');
    const renderer =
      gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : 'an unknown renderer';
    const frames: number[] = [];
    let before = await new Promise<number>(requestAnimationFrame);
    for (let frame = 0; frame < 30; frame++) {
      const now = await new Promise<number>(requestAnimationFrame);
      frames.push(now - before);
      before = now;
    }
    return { renderer, frames };
  });
}

/** Clicks pixel after pixel; each is measured until its curves were painted. */
function clicks(page: Page, rounds: number): Promise<number[]> {
  return page.evaluate(async (count) => {
    const view = document.querySelector('.band-view');
    if (view === null) throw new Error('There is no band view.');
    const { left, top, width, height } = view.getBoundingClientRect();
    const times: number[] = [];
    for (let round = -3; round < count; round++) {
      const place = {
        clientX: left + width / 2 + ((round * 37) % 120) - 60,
        clientY: top + height / 2 + ((round * 53) % 120) - 60,
        pointerId: 1,
        button: 0,
        bubbles: true,
      };
      const start = performance.now();
      view.dispatchEvent(new PointerEvent('pointerdown', place));
      view.dispatchEvent(new PointerEvent('pointerup', place));
      for (;;) {
        await new Promise(requestAnimationFrame);
        if (document.querySelector('.dock')?.getAttribute('aria-busy') === 'false') break;
      }
      // The curves are drawn in the frame after their numbers came.
      await new Promise(requestAnimationFrame);
      // The first ones make the plot.
      if (round >= 0) times.push(performance.now() - start);
    }
    return times;
  }, rounds);
}

/** Steps the band by its slider; each is measured until its image was painted. */
const bandSteps = (page: Page, rounds: number): Promise<number[]> =>
  steps(page, rounds, '.bandbar [role=slider]', ['ArrowRight']);

/** Widens and narrows the filter's window. */
const windowSteps = (page: Page, rounds: number): Promise<number[]> =>
  steps(page, rounds, 'body', ['.', '.', ',', ',']);

function steps(page: Page, rounds: number, selector: string, keys: readonly string[]): Promise<number[]> {
  return page.evaluate(
    async ({ count, target, pressed }) => {
      const times: number[] = [];
      const isDrawn = (): boolean =>
        document.querySelector('.band-view')?.getAttribute('aria-busy') === 'false';
      for (let round = -3; round < count; round++) {
        const key = pressed[(round + 3) % pressed.length] ?? '';
        const start = performance.now();
        document.querySelector(target)?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
        // What is on the screen is no longer what is asked for, at once or after the next render.
        for (let turn = 0; turn < 20 && isDrawn(); turn++) await new Promise((next) => setTimeout(next));
        while (!isDrawn()) await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        if (round >= 0) times.push(performance.now() - start);
      }
      return times;
    },
    { count: rounds, target: selector, pressed: [...keys] },
  );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

function launchArguments(): string[] {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [...asRoot, '--enable-unsafe-swiftshader', '--disable-dev-shm-usage'];
}

/** The built `serve` with the cube open. */
function serve(header: string, scratch: string): Promise<{ child: ChildProcess; url: string }> {
  const words = ['serve', header, '--root', dirname(header), '--out', join(scratch, 'ui-exports')];
  const env = { ...process.env, XDG_STATE_HOME: join(scratch, 'ui-state') };
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'inherit'], env });
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const url = /^http:\/\/\S+$/m.exec(text)?.[0];
      if (url !== undefined) resolve({ child, url });
    });
    child.on('close', (code) => {
      reject(new Error(`serve of ${basename(header)} ended with ${code}.`));
    });
  });
}
