import { serveTasks } from '../workers/serveTasks.ts';
import { cubeTasks } from './tasks.ts';

// For tests only: a worker with the tasks of this folder alone.

serveTasks(cubeTasks);
