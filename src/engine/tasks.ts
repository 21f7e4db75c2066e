import { attentionTasks } from './attention/tasks.ts';
import { calibrationTasks } from './calibration/tasks.ts';
import { cubeTasks } from './cube/tasks.ts';
import { exportTasks } from './exports/tasks.ts';
import { gaussianTasks } from './gaussian/tasks.ts';
import { classifierTasks } from './learning/classifier/tasks.ts';
import { tableTasks } from './learning/data/tableTasks.ts';
import { maximiseTasks } from './learning/maximise/tasks.ts';
import { vaeTasks } from './learning/vae/tasks.ts';
import { productTasks } from './products/tasks.ts';
import { tensorFlowTasks } from './tensorflow/tasks.ts';
import type { AnyTask } from './workers/task.ts';

/** The tasks of all folders: what every worker thread serves. */
export const engineTasks: readonly AnyTask[] = [
  ...cubeTasks,
  ...productTasks,
  ...exportTasks,
  ...attentionTasks,
  ...gaussianTasks,
  ...calibrationTasks,
  ...tableTasks,
  ...maximiseTasks,
  ...tensorFlowTasks,
  ...vaeTasks,
  ...classifierTasks,
];
