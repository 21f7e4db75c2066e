import { defineTask } from '../workers/task.ts';
import type { Cube } from './cubes.ts';
import { cubeOf } from './revision.ts';
import { demoClassMapCube, demoScene, demoSceneCube, type DemoRecipe } from './demoScene.ts';

/** What to take from a demo scene: the cube, or its class map. */
export type DemoPart = 'cube' | 'classes';

/** Makes a demo scene in shared memory. */
export const demoSceneTask = defineTask(
  'cube.demoScene',
  ({ recipe, part }: { recipe: DemoRecipe; part: DemoPart }): Cube => {
    const scene = demoScene(recipe);
    const opened = part === 'cube' ? demoSceneCube(scene) : demoClassMapCube(scene);
    return cubeOf(opened, {}, { kind: 'scene', recipe: { recipe, part } });
  },
);
