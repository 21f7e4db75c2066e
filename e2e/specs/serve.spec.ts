import { Workbench } from '../pages/workbench.ts';
import { expect, test } from '../test.ts';

test('the first page opens the demo scene, also after a reload', async ({ page, launcher }) => {
  await launcher.start(page);
  const work = new Workbench(page);
  await work.openDemo();
  await expect(work.metadata).toContainText('240 × 320 × 160');
  await work.setField(work.bandNumber, '70');
  await work.mode('Derivative');
  await work.drawn();
  await page.reload();
  await expect(work.metadata).toContainText('240 × 320 × 160');
  await expect(work.bandNumber).toHaveValue('70');
  await expect(work.modes.getByRole('radio', { name: 'Derivative' })).toBeChecked();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

test('the address loses its token, and the page cannot read the cookie', async ({ page, launcher }) => {
  const { origin } = await launcher.start(page);
  expect(page.url()).toBe(`${origin}/`);
  expect(await page.evaluate(() => document.cookie)).toBe('');
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({
    httpOnly: true,
    sameSite: 'Strict',
    name: `cubelens-${new URL(origin).port}`,
  });
});

test('a wrong token and no token say what to do', async ({ page, launcher, allowed, browser }) => {
  const { origin } = await launcher.start(page);
  allowed.push({ url: /token=/, status: 401 });
  await page.goto(`${origin}/?token=guessed`);
  await expect(page.getByRole('heading')).toHaveText('This address has expired');
  const stranger = await browser.newPage();
  await stranger.goto(origin);
  await expect(stranger.getByRole('heading')).toHaveText('Not signed in');
  await stranger.close();
});

test('another page of the same browser reaches nothing', async ({ page, launcher, allowed, context }) => {
  const { origin } = await launcher.start(page);
  const foreign = await context.newPage();
  await foreign.route('http://elsewhere.test/', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<title>elsewhere</title>' }),
  );
  await foreign.goto('http://elsewhere.test/');
  allowed.push({ url: /./, status: 403 });
  const seen = await foreign.evaluate(
    (address) =>
      fetch(`${address}/api/host`, { credentials: 'include' }).then(
        ({ status }) => status,
        () => 'blocked',
      ),
    origin,
  );
  expect(seen).toBe('blocked');
  const opaque = await foreign.evaluate(
    (address) =>
      fetch(`${address}/api/host`, { mode: 'no-cors', credentials: 'include' }).then(
        ({ type, status }) => `${type} ${status}`,
        () => 'blocked',
      ),
    origin,
  );
  // The embedder policy of our answers lets nobody else have them.
  expect(opaque).toBe('blocked');
  await foreign.close();
});
