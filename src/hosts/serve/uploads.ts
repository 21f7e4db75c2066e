import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { mostUploadBytes, type ReadGrantAnswer, type UploadAnswer } from '../../engine/contract/index.ts';
import { asCubelensError, CubelensError, type Engine } from '../../engine/engine.ts';

/** A page may send so many files at once: a cube has a handful. */
const mostFiles = 64;

interface Upload {
  folder: string;
  bytes: number;
  /** Bytes of each file, by name. */
  files: Map<string, number>;
}

/** Small files that a person drops into the window: in a temporary folder that goes when the server ends. */
export class Uploads {
  readonly #engine: Engine;
  readonly #uploads = new Map<string, Upload>();
  #root: Promise<string> | null = null;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async begin(): Promise<UploadAnswer> {
    this.#root ??= mkdtemp(join(tmpdir(), 'cubelens-uploads-'));
    const uploadId = randomUUID();
    const folder = join(await this.#root, uploadId);
    await mkdir(folder);
    this.#uploads.set(uploadId, { folder, bytes: 0, files: new Map() });
    return { uploadId, mostBytes: mostUploadBytes };
  }

  /** Takes one file in. Throws `resource-exhausted` where the upload grows too large; nothing of the file stays then. */
  async receive(uploadId: string, name: string, body: ReadableStream<Uint8Array>): Promise<void> {
    const upload = this.#find(uploadId);
    if (!upload.files.has(name) && upload.files.size >= mostFiles) {
      throw tooLarge(`More than ${mostFiles} files were dropped at once.`);
    }
    const path = join(upload.folder, name);
    // Sent once more, it takes the place of the one before.
    upload.bytes -= upload.files.get(name) ?? 0;
    upload.files.delete(name);
    let received = 0;
    const count = new Transform({
      transform: (chunk: Uint8Array, _encoding, next) => {
        received += chunk.byteLength;
        upload.bytes += chunk.byteLength;
        if (upload.bytes > mostUploadBytes) {
          next(tooLarge(`${name} is too large to be sent: at most 256 MB together.`));
        } else next(null, chunk);
      },
    });
    try {
      await pipeline(Readable.fromWeb(body as never), count, createWriteStream(path, { mode: 0o600 }));
      upload.files.set(name, received);
    } catch (thrown) {
      upload.bytes -= received;
      await rm(path, { force: true });
      throw asCubelensError(thrown, name);
    }
  }

  /** Allows reading a file that was sent, and those beside it that belong to it. */
  grant(uploadId: string, name: string): ReadGrantAnswer {
    const { folder, files } = this.#find(uploadId);
    if (!files.has(name)) throw new CubelensError('not-found', `${name} was not sent.`, { file: name });
    const { grantId } = this.#engine.grants.grantRead(join(folder, name), folder);
    return { grantId, name };
  }

  /** Removes everything that was sent. */
  async close(): Promise<void> {
    if (this.#root !== null) await rm(await this.#root, { recursive: true, force: true });
  }

  #find(uploadId: string): Upload {
    const upload = this.#uploads.get(uploadId);
    if (upload === undefined) throw new CubelensError('not-found', 'There is no such upload.');
    return upload;
  }
}

function tooLarge(message: string): CubelensError {
  return new CubelensError('resource-exhausted', message, {
    remedy: 'Put the files into a folder that Cubelens was started with, and open them from there.',
  });
}
