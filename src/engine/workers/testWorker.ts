import { serveTasks } from './serveTasks.ts';
import { testTasks } from './testTasks.ts';

// For tests only: the worker entry of the pool's tests.

serveTasks(testTasks);
