import { projectedSchema, vectorsSchema, type attentionExamples } from '../contract/attention.ts';
import { projectedInputs, vectorInputs, type HeadInputs } from './sources.ts';

type ExampleName = (typeof attentionExamples)[number];

interface Example {
  inputs: () => HeadInputs;
  /** False where the example is known without the division by sqrt(d_k). */
  scale: boolean;
  /** What it is, in a sentence. */
  title: string;
}

const two = ['one', 'two'];
const first = {
  q: [
    [2, 0, 0, 0],
    [0, 2, 0, 0],
  ],
  k: [
    [0, Math.log(3), 0, 0],
    [Math.log(2), 0, 0, 0],
  ],
  v: [
    [3, 0],
    [0, 6],
  ],
};
const none = [
  [0, 0, 0, 0],
  [0, 0, 0, 0],
];

/** Small examples whose weights can be followed by hand. */
export const examples: Record<ExampleName, Example> = {
  f1: {
    title: 'Two tokens whose weights are 1/3, 2/3 and 3/4, 1/4.',
    scale: true,
    inputs: () => vectorInputs(vectorsSchema.parse({ tokens: two, ...first })),
  },
  f2: {
    title: 'The first example beside a head whose queries are zero: it looks at both tokens evenly.',
    scale: true,
    inputs: () =>
      vectorInputs(
        vectorsSchema.parse({
          tokens: two,
          q: [first.q, none],
          k: [first.k, first.k],
          v: [
            first.v,
            [
              [2, 0],
              [0, 2],
            ],
          ],
        }),
      ),
  },
  f3: {
    title:
      'The scores 112 and 96 of the Illustrated Transformer, with keys 64 wide: 14 and 12 after scaling.',
    scale: true,
    inputs: () => {
      const width = 64;
      const unit = (value: number): number[] => [value, ...new Array<number>(width - 1).fill(0)];
      return vectorInputs(
        vectorsSchema.parse({
          tokens: ['Thinking', 'Machines'],
          q: [unit(1), unit(1)],
          k: [unit(112), unit(96)],
          v: [
            [1, 0],
            [0, 1],
          ],
        }),
      );
    },
  },
  f4: {
    title: 'Three tokens with whole numbers, projected by Wq, Wk and Wv; known without the scale.',
    scale: false,
    inputs: () =>
      projectedInputs(
        projectedSchema.parse({
          x: [
            [1, 0, 1, 0],
            [0, 2, 0, 2],
            [1, 1, 1, 1],
          ],
          wk: [
            [0, 0, 1],
            [1, 1, 0],
            [0, 1, 0],
            [1, 1, 0],
          ],
          wq: [
            [1, 0, 1],
            [1, 0, 0],
            [0, 0, 1],
            [0, 1, 1],
          ],
          wv: [
            [0, 2, 0],
            [0, 3, 0],
            [1, 0, 3],
            [1, 1, 0],
          ],
        }),
      ),
  },
};
