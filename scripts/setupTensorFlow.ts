/**
 * `npm run setup:tensorflow`: sets up TensorFlow's own library for @tensorflow/tfjs-node, whose install script cannot always
 * be run: takes it out of the wheel `tensorflow-cpu` of the Python Package Index and compiles the package's binding against it.
 * Exit code 1 with the reason where that cannot be done; Cubelens then goes on with WebAssembly.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

/** What cannot be done here, in words. */
class Impossible extends Error {}

const require = createRequire(import.meta.url);
const goesOn = 'Cubelens goes on with WebAssembly (npx cubelens backends says what runs).';

const unpackWheel = `
import os, shutil, sys, zipfile
wheel, deps = sys.argv[1:]
wanted = {"tensorflow/libtensorflow_cc.so.2": "lib", "tensorflow/libtensorflow_framework.so.2": "lib"}
with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        name = entry.filename
        if name in wanted:
            target = os.path.join(deps, wanted[name], os.path.basename(name))
        elif name.startswith("tensorflow/include/") and not name.endswith("/"):
            target = os.path.join(deps, "include", name[len("tensorflow/include/"):])
        else:
            continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(entry) as source, open(target, "wb") as out:
            shutil.copyfileobj(source, out, 1 << 22)
for link, to in (("libtensorflow.so", "libtensorflow_cc.so.2"), ("libtensorflow_framework.so", "libtensorflow_framework.so.2")):
    path = os.path.join(deps, "lib", link)
    if os.path.lexists(path):
        os.remove(path)
    os.symlink(to, path)
`;

function main(): void {
  const { values } = parseArgs({
    options: { wheel: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    say('npm run setup:tensorflow [-- --wheel tensorflow_cpu-....whl]');
    return;
  }
  const folder = packageFolder();
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Impossible(
      `this script knows Linux on x64 only, not ${process.platform} on ${process.arch}: there, try "npm rebuild @tensorflow/tfjs-node --ignore-scripts=false" with Node 22 or older`,
    );
  }
  const python = pythonWithPip();
  const scratch = mkdtempSync(join(tmpdir(), 'cubelens-tensorflow-'));
  try {
    const wheel = values.wheel ?? download(python, scratch);
    if (!existsSync(wheel)) throw new Impossible(`${wheel} does not exist`);
    const deps = join(folder, 'deps');
    rmSync(deps, { recursive: true, force: true });
    mkdirSync(deps, { recursive: true });
    say('Unpacking the library ...');
    run(python, ['-c', unpackWheel, wheel, deps], 'the wheel could not be unpacked');
    if (!existsSync(join(deps, 'lib/libtensorflow_cc.so.2'))) {
      throw new Impossible('the wheel does not hold libtensorflow_cc.so.2');
    }
    compile(folder);
    // A gigabyte of headers and objects has done its work.
    for (const done of ['deps/include', 'build'])
      rmSync(join(folder, done), { recursive: true, force: true });
    const version = /-(\d+(?:\.\d+)+)-/.exec(wheel)?.[1] ?? 'unknown';
    writeFileSync(join(deps, 'version.txt'), `${version}\n`);
    check();
    say(`TensorFlow ${version} is set up.`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function packageFolder(): string {
  try {
    return dirname(require.resolve('@tensorflow/tfjs-node/package.json'));
  } catch {
    throw new Impossible(
      'the optional package @tensorflow/tfjs-node is not installed (npm ci --include=optional)',
    );
  }
}

function pythonWithPip(): string {
  for (const python of ['python3', 'python']) {
    if (spawnSync(python, ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0) return python;
  }
  throw new Impossible(
    'it needs Python 3 with pip, to fetch the library (Debian: apt-get install python3-pip)',
  );
}

function download(python: string, scratch: string): string {
  say('Fetching tensorflow-cpu (270 MB) ...');
  const args = [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--dest',
    scratch,
    'tensorflow-cpu',
  ];
  run(
    python,
    args,
    'the wheel tensorflow-cpu could not be fetched (no network, or none for this version of Python)',
  );
  const wheel = readdirSync(scratch).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Impossible('pip fetched no wheel');
  return join(scratch, wheel);
}

/** Compiles the binding: with the headers that this Node came with or the system's, else with those that node-gyp fetches. */
function compile(folder: string): void {
  say('Compiling the binding ...');
  const nodeGyp = join(dirname(require.resolve('node-gyp/package.json')), 'bin/node-gyp.js');
  const headers = [dirname(dirname(process.execPath)), '/usr', '/usr/local'].find((place) =>
    existsSync(join(place, 'include/node/node_api.h')),
  );
  const args = [
    nodeGyp,
    'rebuild',
    '--module_name=tfjs_binding',
    `--module_path=${join(folder, 'lib/napi-v8')}`,
    '--napi_build_version=8',
    ...(headers === undefined ? [] : [`--nodedir=${headers}`]),
  ];
  run(
    process.execPath,
    args,
    'the binding could not be compiled (it needs a C++ compiler, make and Python)',
    folder,
  );
}

/** A product of two matrices by the library, in a process of its own. */
function check(): void {
  const program = `
    const { loadBackend } = await import(${JSON.stringify(new URL('../src/engine/tensorflow/loadTensorFlow.ts', import.meta.url).href)});
    const { tf } = await loadBackend('native');
    const [value] = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync();
    if (value !== 11) throw new Error('1 x 3 + 2 x 4 = ' + value);
  `;
  run(process.execPath, ['--input-type=module', '-e', program], 'the library does not work');
}

function run(program: string, args: readonly string[], otherwise: string, cwd?: string): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return;
  const last = `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n');
  throw new Impossible(`${otherwise}\n${error?.message ?? last}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  main();
} catch (thrown) {
  if (!(thrown instanceof Impossible)) throw thrown;
  process.stderr.write(`TensorFlow is not set up: ${thrown.message}.\n${goesOn}\n`);
  process.exitCode = 1;
}
