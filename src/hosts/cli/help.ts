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
    const said: { value?: string; help: string } = own ?? options[option];
    const { value, help } = said;
    return [`--${writtenName(option)}${value === undefined ? '' : ` ${value}`}`, help] as const;
  });
  const usage = wrap(`Usage: cubelens ${command.usage}`, 'Usage: cubelens '.length);
  const summary = `${command.summary[0]?.toUpperCase() ?? ''}${command.summary.slice(1)}.`;
  return `${usage}\n\n${wrap(summary)}\n\n${twoColumns(rows, 2)}`;
}
