/** The one entry of every worker thread: joins the tasks of all folders. */
import { cubeTasks } from './cube/tasks.ts';
import { exportTasks } from './exports/tasks.ts';
import { productTasks } from './products/tasks.ts';
import { serveTasks } from './workers/serveTasks.ts';

serveTasks([...cubeTasks, ...productTasks, ...exportTasks]);
