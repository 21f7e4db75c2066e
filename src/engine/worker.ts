/** The one entry of every worker thread. */
import { engineTasks } from './tasks.ts';
import { serveTasks } from './workers/serveTasks.ts';

serveTasks(engineTasks);
