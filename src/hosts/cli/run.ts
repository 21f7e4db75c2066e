import { createEngine, version, type Engine } from '../../engine/engine.ts';
import { workerUrl } from '../workerUrl.ts';
import { asCommandError, Client } from './client.ts';
import { commands } from './commands.ts';
import { CommandError, exitCodes, usageError } from './exitCodes.ts';
import { commandHelp, overview } from './help.ts';
import { Arguments } from './options.ts';
import { Progress, type ProgressStream } from './progress.ts';
import { printable } from './wrap.ts';

/** What a run of the command line is connected to. */
export interface Terminal {
  stdout: { write: (text: string) => unknown };
  stderr: ProgressStream;
  /** Aborted on Ctrl-C. */
  interrupt: AbortSignal;
}

const startEngine = (): Engine => createEngine({ workerUrl, host: { kind: 'cli', capabilities: [] } });

/**
 * Runs one command and gives its exit code; everything printed goes to the terminal.
 * @param start starts the engine, which is closed after the command.
 */
export async function runCommandLine(
  argv: readonly string[],
  terminal: Terminal,
  start: () => Engine = startEngine,
): Promise<number> {
  try {
    terminal.stdout.write(printable(await output(argv, terminal, start)));
    return 0;
  } catch (thrown) {
    const { wire } = asCommandError(thrown);
    const remedy = wire.remedy ?? (wire.code === 'invalid-request' ? helpHint(argv[0]) : '');
    // A command that keeps something says so itself.
    const kept = wire.message.startsWith('Cancelled:');
    const message = wire.code === 'cancelled' && !kept ? 'Cancelled: nothing was written.' : wire.message;
    terminal.stderr.write(printable(`cubelens: ${message}\n${remedy === '' ? '' : `${remedy}\n`}`));
    if (wire.code === 'internal') {
      const stack =
        thrown instanceof Error && !(thrown instanceof CommandError) ? `${thrown.stack ?? ''}\n` : '';
      terminal.stderr.write(`${stack}This is a bug of Cubelens: please report it.\n`);
    }
    return exitCodes[wire.code];
  }
}

function helpHint(name: string | undefined): string {
  return `See 'cubelens help${name !== undefined && Object.hasOwn(commands, name) ? ` ${name}` : ''}'.`;
}

async function output(argv: readonly string[], terminal: Terminal, start: () => Engine): Promise<string> {
  const [name, ...rest] = argv;
  if (name === '--version' || name === 'version') return `${version}\n`;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return helpText(rest[0]);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw usageError(`There is no command ${name}.`);
  const args = Arguments.parse(rest, command.options);
  if (args.flag('help')) return commandHelp(name) ?? '';
  if ('serve' in command) {
    await command.serve(args, terminal);
    return '';
  }
  const engine = start();
  try {
    const progress = new Progress(terminal.stderr);
    return await command.run(args, new Client(engine, progress, terminal.interrupt));
  } finally {
    await engine.close();
  }
}

function helpText(topic: string | undefined): string {
  if (topic === undefined) return overview(version);
  const help = commandHelp(topic);
  if (help === null) throw usageError(`There is no command ${topic}.`);
  return help;
}
