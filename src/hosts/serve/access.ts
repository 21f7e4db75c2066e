import { randomBytes, timingSafeEqual } from 'node:crypto';
import { getCookie } from 'hono/cookie';
import type { Context, MiddlewareHandler } from 'hono';
import { CubelensError, problemResponse } from '../../engine/engine.ts';
import { messagePage } from './messagePage.ts';

/** Who may ask: pages of this very server that came with the token of its address once. */
export class Access {
  /** Stands in the address that is printed; good while the server runs. */
  readonly token = secret();
  readonly #session = secret();
  #port = 0;

  /** The port is known when the server listens; before, nobody is let in. */
  set port(port: number) {
    this.#port = port;
  }

  /** The address with the token. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/?token=${this.token}`;
  }

  /** Lets a request pass, turns a token into a cookie, or refuses. */
  readonly middleware: MiddlewareHandler = async (context, next) => {
    const refused = this.#refusal(context);
    if (refused !== null) return refused;
    const url = new URL(context.req.url);
    const token = url.searchParams.get('token');
    if (isPage(url.pathname) && token !== null) {
      if (!equal(token, this.token)) return refuse(context, wrongToken);
      url.searchParams.delete('token');
      context.header('set-cookie', `${this.#cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`);
      context.header('cache-control', 'no-store');
      return context.redirect(url.pathname + url.search, 303);
    }
    if (!equal(getCookie(context, this.#cookieName) ?? '', this.#session)) return refuse(context, noCookie);
    return next();
  };

  /** Another server of ours on another port has its own cookie: cookies do not know ports. */
  get #cookieName(): string {
    return `cubelens-${this.#port}`;
  }

  /** A foreign Host is a name that somebody pointed at this machine, a foreign Origin a page of somebody else. */
  #refusal(context: Context): Response | null {
    const host = context.req.header('host') ?? '';
    if (host !== `127.0.0.1:${this.#port}` && host !== `localhost:${this.#port}`) {
      return refuse(context, {
        title: 'Not this address',
        message: 'Cubelens answers to 127.0.0.1 and localhost only.',
        remedy: 'Open the address that `cubelens serve` printed.',
        status: 403,
      });
    }
    const origin = context.req.header('origin');
    const site = context.req.header('sec-fetch-site') ?? 'none';
    const isForeign = origin !== undefined && origin !== `http://${host}`;
    // A link to a page may stand anywhere; requests of a page only on our own.
    const isForeignCall = !isPage(context.req.path) && site !== 'same-origin' && site !== 'none';
    if (!isForeign && !isForeignCall) return null;
    return refuse(context, {
      title: 'Not from here',
      message: 'This request comes from another page than Cubelens itself.',
      remedy: 'Open the address that `cubelens serve` printed in a tab of its own.',
      status: 403,
    });
  }
}

const secret = (): string => randomBytes(24).toString('base64url');

function equal(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Pages are opened by people, the rest is fetched by pages. */
const isPage = (path: string): boolean => path === '/' || path === '/index.html';

interface Refusal {
  title: string;
  message: string;
  remedy: string;
  status: 401 | 403;
}

const wrongToken: Refusal = {
  title: 'This address has expired',
  message: 'Its token is not the one of the Cubelens that runs now.',
  remedy: 'Open the address that `cubelens serve` printed when it was started last.',
  status: 401,
};

const noCookie: Refusal = {
  title: 'Not signed in',
  message: 'This address opens Cubelens only after the one with the token has been opened in this browser.',
  remedy: 'Open the whole address that `cubelens serve` printed, with ?token=... at its end.',
  status: 401,
};

function refuse(context: Context, { title, message, remedy, status }: Refusal): Response {
  if (isPage(context.req.path)) return messagePage(title, `${message} ${remedy}`, status);
  const problem = problemResponse(new CubelensError('access-denied', message, { remedy }));
  return new Response(problem.body, { status, headers: problem.headers });
}
