import { malformedModel } from '../malformedModel.ts';
import { nodeOf, type GraphFile, type GraphNode } from './graphFile.ts';

/** Loops of control flow close by NextIteration, and TensorFlow refuses those by itself; other circles are damage. */
export function refuseCircles(
  nodes: ReadonlyMap<string, GraphNode>,
  outputs: readonly string[],
  file: string,
): void {
  const done = new Set<string>();
  const open = new Set<string>();
  const stack = outputs.map((name) => ({ name: nodeOf(name), leaving: false }));
  while (stack.length > 0) {
    const { name, leaving } = stack.pop() as { name: string; leaving: boolean };
    if (leaving) {
      open.delete(name);
      done.add(name);
      continue;
    }
    if (done.has(name)) continue;
    if (open.has(name)) throw malformedModel(file, `node "${name}" takes its own output`, undefined, name);
    open.add(name);
    stack.push({ name, leaving: true });
    const { op, from } = nodes.get(name) as GraphNode;
    if (op === 'NextIteration') continue;
    for (const source of from) if (!done.has(source)) stack.push({ name: source, leaving: false });
  }
}

/** What they give depends on the shape of what they take, not on its numbers. */
const ofShapes = ['Shape', 'ShapeN', 'Rank', 'Size', 'ZerosLike', 'OnesLike'];

/** The nodes by which numbers go from an input to an output. */
export function between({ nodes, outputs }: GraphFile, input: string): GraphNode[] {
  const takers = new Map<string, string[]>();
  for (const { name, op, from } of nodes.values()) {
    if (ofShapes.includes(op)) continue;
    for (const source of from) takers.set(source, [...(takers.get(source) ?? []), name]);
  }
  const after = reached([input], (name) => takers.get(name) ?? []);
  const before = reached(outputs.map(nodeOf), (name) => nodes.get(name)?.from ?? []);
  return [...nodes.values()].filter(({ name }) => after.has(name) && before.has(name));
}

/** What follows from something by steps, itself included. */
export function reached(from: readonly string[], next: (name: string) => readonly string[]): Set<string> {
  const found = new Set(from);
  // A set gives what is added while it is walked.
  for (const name of found) for (const other of next(name)) found.add(other);
  return found;
}
