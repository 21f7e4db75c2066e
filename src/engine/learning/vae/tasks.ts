import type { AnyTask } from '../../workers/task.ts';
import { decodeTask } from './decodeTask.ts';
import { encodeTableTask, encodeWindowTask, writeHeadTask } from './encodeTasks.ts';
import { openVaeTask, vaeImageTask } from './imageTasks.ts';
import { readVaeTask } from './readTask.ts';
import { vaeFigureTask, vaeSpectrumTask, vaeTraversalTask } from './spectraTasks.ts';
import { trainVaeTask, vaeLegsTask } from './trainTask.ts';

/** Tasks of this folder. */
export const vaeTasks: readonly AnyTask[] = [
  trainVaeTask,
  vaeLegsTask,
  readVaeTask,
  encodeWindowTask,
  writeHeadTask,
  encodeTableTask,
  decodeTask,
  openVaeTask,
  vaeImageTask,
  vaeSpectrumTask,
  vaeTraversalTask,
  vaeFigureTask,
];
