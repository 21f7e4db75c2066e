import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from './graph.ts';
import { savedModel } from './savedModel.ts';

/** What the reader below makes of a saved model, as far as it is looked at. */
interface Read {
  savedModelSchemaVersion: number;
  metaGraphsList: {
    metaInfoDef: { tagsList: string[] };
    graphDef: {
      versions: { producer: number };
      nodeList: { name: string; op: string; inputList: string[]; attrMap: [string, Attribute][] }[];
    };
    signatureDefMap: [string, { inputsMap: Info[]; outputsMap: Info[] }][];
  }[];
}
interface Attribute {
  type: number;
  i: number;
  b: boolean;
  tensor?: { dtype: number; tensorShape: { dimList: { size: number }[] }; tensorContent: string };
}
type Info = [string, { name: string; dtype: number; tensorShape: { unknownRank: boolean } }];

/** The reader that @tensorflow/tfjs-node brings along, made from TensorFlow's own definitions; null where that is not installed. */
function reader(): { deserializeBinary(bytes: Uint8Array): { toObject(): unknown } } | null {
  try {
    const require = createRequire(import.meta.url);
    return (require('@tensorflow/tfjs-node/dist/proto/api_pb.js') as { SavedModel: never }).SavedModel;
  } catch {
    return null;
  }
}

const found = reader();

describe.skipIf(found === null)('a saved model', () => {
  const g = new GraphBuilder();
  const x = g.input('x');
  const product = g.matMul(x, g.gather(x, g.input('order', 'DT_INT32'), 0), { transposeB: true });
  g.output('half', g.binary('Mul', product, g.scalar(0.5)));
  const [first] = g.split(g.reshape(x, [-1, 300]), [1, 299], 1);
  g.output('first', first as string);
  const read = found
    ?.deserializeBinary(savedModel(g.graph, [['half'], ['half', 'first']]))
    .toObject() as Read;
  const [metaGraph] = read?.metaGraphsList ?? [];

  it("has the nodes that TensorFlow's own messages read, constants first", () => {
    expect(read.savedModelSchemaVersion).toBe(1);
    expect(metaGraph?.metaInfoDef.tagsList).toEqual(['serve']);
    expect(metaGraph?.graphDef.versions.producer).toBe(1766);
    const nodes = metaGraph?.graphDef.nodeList.map(({ name, op, inputList, attrMap }) => {
      const attributes = attrMap.map(([key, { type, i, b, tensor }]) => {
        if (tensor === undefined) return `${key}=${type || i || b}`;
        const sides = tensor.tensorShape.dimList.map(({ size }) => size);
        const bytes = Uint8Array.from(Buffer.from(tensor.tensorContent, 'base64')).buffer;
        const values = tensor.dtype === 3 ? new Int32Array(bytes) : new Float32Array(bytes);
        return `${key}=${tensor.dtype}[${sides.join()}]:${values.join()}`;
      });
      return [name, op, inputList.join(), ...attributes.sort()].join(' ');
    });
    expect(nodes).toEqual([
      'constant0 Const  dtype=3 value=3[]:0',
      'constant1 Const  dtype=1 value=1[]:0.5',
      'constant2 Const  dtype=3 value=3[2]:-1,300',
      'constant3 Const  dtype=3 value=3[2]:1,299',
      'constant4 Const  dtype=3 value=3[]:1',
      'x Placeholder  dtype=1',
      'order Placeholder  dtype=3',
      'node2 GatherV2 x,order,constant0 Taxis=3 Tindices=3 Tparams=1',
      'node3 MatMul x,node2 T=1 transpose_a=false transpose_b=true',
      'node4 Mul node3,constant1 T=1',
      'half Identity node4 T=1',
      'node6 Reshape x,constant2 T=1 Tshape=3',
      'node7 SplitV node6,constant3,constant4 T=1 Tlen=3 num_split=2',
      'first Identity node7 T=1',
    ]);
  });

  it('has a signature for each list of outputs', () => {
    const short = (infos: Info[]): string[] =>
      infos
        .map(([key, { name, dtype, tensorShape }]) => `${key} ${name} ${dtype} ${tensorShape.unknownRank}`)
        .sort();
    const inputs = ['order order:0 3 true', 'x x:0 1 true'];
    const signatures = metaGraph?.signatureDefMap.map(([name, { inputsMap, outputsMap }]) => [
      name,
      short(inputsMap),
      short(outputsMap),
    ]);
    expect(signatures).toEqual([
      ['half', inputs, ['half half:0 1 true']],
      ['half_and_first', inputs, ['first first:0 1 true', 'half half:0 1 true']],
    ]);
  });
});
