import { join } from 'node:path';
import { startBundle, until } from '../electron/testStart.ts';

// `node e2e/desktopHost.ts FOLDER [words of the command line]`, started by the launcher with a channel: the bundled main process
// of the desktop app under the fake electron. What the page would send Chromium sends comes as messages.

/** What the launcher asks. */
export type HostAsk =
  | {
      kind: 'request';
      url: string;
      method: string;
      headers: Record<string, string>;
      body: Buffer<ArrayBuffer> | null;
    }
  | { kind: 'invoke'; channel: string; args: unknown[] }
  | { kind: 'choose'; dialog: 'open' | 'save'; path: string }
  | { kind: 'menu'; label: string }
  | { kind: 'state' }
  | { kind: 'quit' };

/** Of the host, what specs look at. */
export interface HostState {
  shownInFolder: string[];
  progress: number;
  menu: string[];
  exitCode: number | null;
}

const [folder = '', ...words] = process.argv.slice(2);
const main = join(import.meta.dirname, '../.vite/build/main.cjs');
const fake = await startBundle(main, words, folder);
const window = fake.FakeWindow.all[0];
if (window === undefined) throw new Error('The app has made no window.');
const { sent } = window.webContents;

process.on('message', ({ id, ask }: { id: number; ask: HostAsk }) => {
  answer(ask).then(
    (value) => process.send?.({ id, value }),
    (thrown: unknown) => process.send?.({ id, error: String(thrown) }),
  );
});
process.on('disconnect', () => process.exit());
setInterval(() => {
  for (const message of sent.splice(0)) process.send?.({ message });
}, 10);
process.send?.({ ready: true });

async function answer(ask: HostAsk): Promise<unknown> {
  const { state } = fake;
  switch (ask.kind) {
    case 'request': {
      const { url, method, headers, body } = ask;
      return fake.request(url, { method, headers, body }, 'cubelens://app');
    }
    case 'invoke':
      return fake.invoke(ask.channel, ask.args);
    case 'choose':
      if (ask.dialog === 'open') state.answers.open.push({ canceled: false, filePaths: [ask.path] });
      else state.answers.save.push({ canceled: false, filePath: ask.path });
      return null;
    case 'menu':
      itemsOf(state.menu ?? [])
        .find(({ label }) => label === ask.label)
        ?.click?.(undefined as never, undefined, undefined as never);
      return null;
    case 'state':
      return {
        shownInFolder: state.shownInFolder,
        progress: window?.progress ?? -1,
        menu: itemsOf(state.menu ?? []).flatMap(({ label, enabled }) =>
          label === undefined || enabled === false ? [] : [label],
        ),
        exitCode: state.exitCode,
      } satisfies HostState;
    case 'quit':
      fake.app.quit();
      await until(() => state.exitCode !== null);
      return state.exitCode;
  }
}

type Item = NonNullable<typeof fake.state.menu>[number];
function itemsOf(items: readonly Item[]): Item[] {
  return items.flatMap((item) => [item, ...itemsOf((item.submenu ?? []) as Item[])]);
}
