import { defineTask } from '../workers/task.ts';
import type { OpenedCube } from './cube.ts';
import { demoClassMapCube, demoScene, demoSceneCube, type DemoRecipe } from './demoScene.ts';

/** What to take from a demo scene: the cube, or its class map. */
export type DemoPart = 'cube' | 'classes';

/** Makes a demo scene in shared memory. */
export const demoSceneTask = defineTask(
  'cube.demoScene',
  (args: { recipe: DemoRecipe; part: DemoPart }): OpenedCube => {
    const scene = demoScene(args.recipe);
    return args.part === 'cube' ? demoSceneCube(scene) : demoClassMapCube(scene);
  },
);
