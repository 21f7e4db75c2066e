import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { MaximiseAnswer, MaximiseRequest } from '../../contract/maximise.ts';
import { asCubelensError } from '../../base/errors.ts';
import { FileSource } from '../../io/fileSource.ts';
import { checkInside } from '../../io/grants.ts';
import { defineTask, type TaskContext } from '../../workers/task.ts';
import type { SavedFacts } from '../classifier/savedFacts.ts';
import type { OpenModel } from './answer.ts';
import type { ModelFiles } from './modelFile.ts';

/** A request with what its grant stands for: the real path, and the folder that weights beside it must lie in (null: any). */
export interface MaximiseArgs {
  request: MaximiseRequest;
  file: { path: string; within: string | null } | null;
  /** Whether the picture is wanted too. */
  withSvg: boolean;
}

/** What a saved classifier takes of a cube. */
export type ModelColumns = Pick<SavedFacts, 'columns' | 'wavelengthsNm' | 'auxiliary'>;

/** An answer with its picture, where one is wanted. */
export interface Maximised {
  answer: MaximiseAnswer;
  svg: string | null;
  columns: ModelColumns | null;
}

const columnsOf = ({ columns, wavelengthsNm, auxiliary }: SavedFacts): ModelColumns => ({
  columns,
  wavelengthsNm,
  auxiliary,
});

/**
 * Answers a request about a dense network in a worker; progress counts searches, and tells when they are judged. Other models need TensorFlow, which no
 * such worker loads: it says so, and `maximiseByTensorFlowTask` answers.
 */
export const maximiseTask = defineTask(
  'learning.maximise',
  async (args: MaximiseArgs, context): Promise<Maximised | { needsTensorFlow: true }> => {
    // Loaded when it is first needed: most workers never do.
    const { denseModel } = await import('./denseModel.ts');
    const { loadNetwork } = await import('./loadNetwork.ts');
    const { BeyondDense } = await import('./beyondDense.ts');
    try {
      return await answered(args, context, async (...opening) => denseModel(await loadNetwork(...opening)));
    } catch (thrown) {
      if (thrown instanceof BeyondDense) return { needsTensorFlow: true };
      throw thrown;
    }
  },
);

/** The same for a model that TensorFlow evaluates: only for its own thread. Leaves no tensors. */
export const maximiseByTensorFlowTask = defineTask(
  'learning.maximiseByTensorFlow',
  async (args: MaximiseArgs, context): Promise<Maximised> => {
    const { loadTensorFlow } = await import('../../tensorflow/loadTensorFlow.ts');
    const { openTensorFlowModel } = await import('./tensorflow/openModel.ts');
    const loaded = await loadTensorFlow();
    const opened: { dispose: () => void }[] = [];
    try {
      return await answered(args, context, async (...opening) => {
        const model = await openTensorFlowModel(loaded, ...opening);
        opened.push(model);
        return model;
      });
    } finally {
      for (const model of opened) model.dispose();
    }
  },
);

async function answered(
  { request, file, withSvg }: MaximiseArgs,
  context: TaskContext,
  open: OpenModel,
): Promise<Maximised> {
  const opened: FileSource[] = [];
  try {
    const { answerMaximise } = await import('./answer.ts');
    const files = file === null ? null : modelFiles(file, opened);
    const picture = withSvg ? await import('./svg.ts') : null;
    const { model, answer, facts } = await answerMaximise(request, files, open, {
      signal: context.signal,
      check: picture?.checkDrawable,
      progress: (done, isJudging = false) => {
        context.progress(done, { isJudging });
      },
    });
    const columns = facts === null ? null : columnsOf(facts);
    return { answer, svg: picture?.svgOfAnswer(model, answer) ?? null, columns };
  } finally {
    for (const source of opened) source.close();
  }
}

function modelFiles(file: { path: string; within: string | null }, opened: FileSource[]): ModelFiles {
  const open = (path: string): FileSource => {
    const source = new FileSource(path, basename(path));
    opened.push(source);
    return source;
  };
  return {
    main: open(file.path),
    beside: async (name) => {
      try {
        // The link's target counts, not the link.
        const path = await realpath(join(dirname(file.path), basename(name)));
        if (file.within !== null) checkInside(path, file.within);
        return open(path);
      } catch (thrown) {
        const error = asCubelensError(thrown, name);
        if (error.code === 'not-found') return null;
        throw error;
      }
    },
  };
}

/** Tasks of this folder. */
export const maximiseTasks = [maximiseTask, maximiseByTensorFlowTask];
