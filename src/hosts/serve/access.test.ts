import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentSecurityPolicy } from '../securityHeaders.ts';
import { TestServe } from './testServe.ts';

const serve = new TestServe();
beforeAll(() => serve.start());
afterAll(() => serve.stop());

const host = () => `127.0.0.1:${serve.running.port}`;

describe('who is let in', () => {
  test('the token is turned into a cookie, as often as it is brought', async () => {
    for (let time = 0; time < 2; time++) {
      const { status, headers } = await serve.get(
        `${new URL(serve.running.url).search}&a=b`,
        { cookie: '' },
        '/',
      );
      expect({ status, to: headers['location'] }).toEqual({ status: 303, to: '/?a=b' });
      expect(String(headers['set-cookie'])).toMatch(
        new RegExp(`^cubelens-${serve.running.port}=[\\w-]{32}; Path=/; HttpOnly; SameSite=Strict$`),
      );
    }
  });

  test.each([
    ['no cookie', ''],
    ['a guessed one', 'cubelens=1'],
  ])('%s: nothing is answered, neither page nor file nor API', async (_, cookie) => {
    for (const path of ['/', '/index.html', '/assets/a-1234.js', '/api/host', '/host/roots', '/nowhere']) {
      expect((await serve.get(path, { cookie })).status, path).toBe(401);
    }
  });

  test('a token does not open the API', async () => {
    const { status } = await serve.get(new URL(serve.running.url).search, { cookie: '' }, '/api/host');
    expect(status).toBe(401);
  });

  test('a foreign Host is refused, whatever it resolves to', async () => {
    for (const name of [
      'evil.test',
      `evil.test:${serve.running.port}`,
      '127.0.0.1',
      '0.0.0.0:80',
      `[::1]:${serve.running.port}`,
    ]) {
      expect((await serve.get('/api/host', { host: name })).status, name).toBe(403);
    }
    expect((await serve.get('/api/host', { host: `localhost:${serve.running.port}` })).status).toBe(200);
  });

  test('a foreign Origin is refused, and a request that another site makes', async () => {
    for (const origin of [
      'http://evil.test',
      'null',
      `https://${host()}`,
      `http://localhost:${serve.running.port}`,
      'http://127.0.0.1:1',
    ]) {
      expect((await serve.get('/api/host', { origin })).status, origin).toBe(403);
    }
    expect((await serve.get('/api/host', { origin: `http://${host()}` })).status).toBe(200);
    for (const site of ['cross-site', 'same-site']) {
      expect((await serve.get('/api/host', { 'sec-fetch-site': site })).status, site).toBe(403);
    }
    expect((await serve.get('/', { 'sec-fetch-site': 'cross-site' })).status).toBe(200);
  });
});

describe('what is answered', () => {
  test('every answer has the headers of safety: pages, files, errors, the API', async () => {
    for (const path of [
      '/',
      '/assets/a-1234.js',
      '/api/host',
      '/api/nowhere',
      '/host/roots',
      '/nowhere.js',
    ]) {
      const { headers } = await serve.get(path);
      expect(headers, path).toMatchObject({
        'content-security-policy': contentSecurityPolicy,
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      });
    }
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|http/);
  });

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/..%252fsecret.txt',
    '//secret.txt',
    '/assets',
    '/assets/',
    '/.',
    '/%00',
    '/host/folders/..%2f..',
    '/host/outputs/..%2fsecret.txt',
  ])('%s leads nowhere and lists nothing', async (path) => {
    const { status, body } = await serve.get(path);
    expect(body.toString()).not.toContain('secret\n');
    expect(body.toString()).not.toBe('secret');
    expect(body.toString()).not.toContain('a-1234');
    // `/.` and `/x/..` are the page itself by the rules of URLs.
    if (status === 200) expect(body.toString()).toContain('<title>window</title>');
    else expect([400, 403, 404]).toContain(status);
  });

  test('built files may be kept, the page is asked for again; only GET and HEAD', async () => {
    expect((await serve.get('/assets/a-1234.js')).headers['cache-control']).toContain('immutable');
    expect((await serve.get('/')).headers['cache-control']).toBe('no-cache');
    expect((await serve.send('HEAD', '/')).body.byteLength).toBe(0);
    expect((await serve.send('POST', '/')).status).toBe(404);
  });
});
