import { cubeTasks } from '../../cube/tasks.ts';
import { serveTasks } from '../../workers/serveTasks.ts';
import { tableTasks } from './tableTasks.ts';

// For tests only: a worker with the tasks of this folder and of cubes.

serveTasks([...cubeTasks, ...tableTasks]);
