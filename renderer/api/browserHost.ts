import {
  fileToOpen,
  mostUploadBytes,
  type FolderAnswer,
  type ReadGrantAnswer,
  type RecentFile,
  type RootsAnswer,
  type StartAnswer,
  type TargetAnswer,
  type TargetLook,
  type UploadAnswer,
} from '../../src/engine/contract/index.ts';
import type { Client } from './client.ts';
import type { Host, HostFile } from './host.ts';
import { ApiError } from './problem.ts';

const listed = 'files/';
const sent = 'uploads/';

/** The host of a page that `cubelens serve` gave out: its routes are at `/host`. */
export class BrowserHost implements Host {
  readonly #client: Client;
  readonly pickFile: Host['pickFile'];

  /** @param pickFile shows the window's own dialog over the folders that may be browsed. */
  constructor(client: Client, pickFile: Host['pickFile']) {
    this.#client = client;
    this.pickFile = pickFile;
  }

  readonly roots = (signal?: AbortSignal): Promise<RootsAnswer> => this.#get('roots', signal);

  readonly folder = (folderId: string, signal?: AbortSignal): Promise<FolderAnswer> =>
    this.#get(`folders/${encodeURIComponent(folderId)}`, signal);

  readonly fileOf = (fileId: string, name: string): HostFile => ({ id: listed + fileId, name });

  readonly start: Host['start'] = async () => {
    const { file, demo } = await this.#get<StartAnswer>('start');
    return { file: file === null ? null : this.fileOf(file.fileId, file.name), demo };
  };

  readonly recentFiles = async (): Promise<RecentFile[]> =>
    (await this.#get<{ files: RecentFile[] }>('recent')).files;

  readonly remember = async ({ id }: HostFile): Promise<void> => {
    if (!id.startsWith(listed)) return;
    await this.#client.call(`/host/recent/${encodeURIComponent(id.slice(listed.length))}`, {
      method: 'POST',
    });
  };

  readonly grantRead = async ({ id, name }: HostFile): Promise<string> => {
    const { grantId } = id.startsWith(sent)
      ? await this.#post<ReadGrantAnswer>(id, { name })
      : await this.#post<ReadGrantAnswer>(`files/${encodeURIComponent(id.slice(listed.length))}`, null);
    return grantId;
  };

  readonly takeDropped: Host['takeDropped'] = async (files, signal, progress) => {
    const total = files.reduce((sum, { size }) => sum + size, 0);
    if (total > mostUploadBytes) {
      throw refusal(
        `These files have ${Math.round(total / 1e6)} MB; a browser sends at most ${mostUploadBytes / 1024 ** 2} MB.`,
        'Open them from their folder: start `cubelens serve` with --root for it, then choose Open.',
      );
    }
    const chosen = fileToOpen(files, ({ name }) => name);
    if (chosen === undefined)
      throw refusal('Nothing was dropped that is a file.', 'Drop files, not folders.');
    const { uploadId } = await this.#post<UploadAnswer>('uploads', null);
    let done = 0;
    for (const file of files) {
      const name = encodeURIComponent(file.name);
      await this.#client.call(`/host/uploads/${uploadId}/${name}`, { method: 'PUT', body: file, signal });
      done += file.size;
      progress(total === 0 ? 1 : done / total);
    }
    return { id: `${sent}${uploadId}`, name: chosen.name };
  };

  readonly lookAtTarget = (name: string): Promise<TargetLook> =>
    this.#get(`targets/${encodeURIComponent(name)}`);

  // The browser's downloads have no dialog of ours: exports go into the folder that `serve` was started with.
  readonly pickTarget = (name: string): Promise<TargetAnswer> => this.#post('targets', { name });

  readonly outputLabel = 'Download';

  readonly fetchOutput = (jobId: string, file: string | null): Promise<void> => {
    const link = document.createElement('a');
    const query = file === null ? '' : `?file=${encodeURIComponent(file)}`;
    link.href = `/host/outputs/${encodeURIComponent(jobId)}${query}`;
    link.download = '';
    document.body.append(link);
    link.click();
    link.remove();
    return Promise.resolve();
  };

  async #get<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
    const response = await this.#client.call(`/host/${path}`, { signal: signal ?? null });
    return (await response.json()) as Answer;
  }

  async #post<Answer>(path: string, body: unknown): Promise<Answer> {
    const response = await this.#client.call(`/host/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Answer;
  }
}

const refusal = (message: string, remedy: string): ApiError =>
  new ApiError({ code: 'resource-exhausted', message, remedy, file: null, field: null });
