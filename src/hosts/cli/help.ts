import { commands } from './commands.ts';
import { filterOptions, options, writtenName, type OptionName } from './options.ts';
import { twoColumns, wrap } from './wrap.ts';

/** The page of `cubelens help`. */
export function overview(version: string): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => [name, summary] as const);
  const filters = filterOptions.map((name) => `--${name}`).join(', ');
  const notes = [
    `FILTER is any of ${filters}.`,
    'Lines and samples count from 0, bands from 1.',
    "'cubelens help COMMAND' tells more.",
  ];
  const codes =
    'Exit codes: 0 done, 2 usage or out of range, 3 not found or denied, 4 malformed or unsupported file, ' +
    '5 out of memory or disk, 6 did not converge or degenerate, 70 a bug of ours, 130 cancelled.';
  return [
    `Cubelens ${version}\n`,
    'Exact Savitzky-Golay spectra and derivative images of ENVI and GeoTIFF cubes\n\n',
    'Usage: cubelens COMMAND ...\n\n',
    twoColumns(rows, 2),
    `\n${wrap(notes.join(' '))}\n`,
    `${wrap(codes)}\n`,
  ].join('');
}

/** The page of one command; null where there is no such command. */
export function commandHelp(name: string): string | null {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) return null;
  const rows = [...command.options, 'help' as OptionName].map((option) => {
    const own = 'optionHelp' in command ? command.optionHelp?.[option] : undefined;
    // What a command says of an option need not repeat its value.
    const said: { value?: string; help: string } = { ...options[option], ...own };
    const { value, help } = said;
    return [`--${writtenName(option)}${value === undefined ? '' : ` ${value}`}`, help] as const;
  });
  const indent = 'Usage: cubelens '.length;
  const usage = usagesOf(name, command.usage)
    .map((one, k) =>
      k === 0 ? wrap(`Usage: cubelens ${one}`, indent) : `   ${wrap(`or: cubelens ${one}`, indent, 3)}`,
    )
    .join('\n');
  const summary = `${command.summary[0]?.toUpperCase() ?? ''}${command.summary.slice(1)}.`;
  const notes = 'notes' in command && command.notes !== undefined ? `${wrap(command.notes)}\n\n` : '';
  return `${usage}\n\n${wrap(summary)}\n\n${notes}${twoColumns(rows, 2)}`;
}

/** The ways to use a command, a line or more each: alternatives that begin with its name. */
const usagesOf = (name: string, usage: string): string[] => {
  const [first = '', ...more] = usage.split(` | ${name} `);
  return [first, ...more.map((one) => `${name} ${one}`)];
};
