import { serveTasks } from '../src/engine/workers/serveTasks.ts';
import { filterTask } from './filterTask.ts';

serveTasks([filterTask]);
