import { commands } from './commands.ts';
import { filterOptions, options, type OptionName } from './options.ts';

/** The page of `cubelens help`. */
export function overview(version: string): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}\n`);
  return [
    `Cubelens ${version}: exact Savitzky-Golay spectra and derivative images of ENVI and GeoTIFF cubes\n\n`,
    'Usage: cubelens COMMAND ...\n\n',
    ...rows,
    '\nFILTER is any of ',
    filterOptions.map((name) => `--${name}`).join(', '),
    ".\nLines and samples count from 0, bands from 1. 'cubelens help COMMAND' tells more.\n",
    'Exit codes: 0 done, 2 usage or out of range, 3 not found or denied, 4 malformed or unsupported file,\n',
    '5 out of memory or disk, 6 did not converge, 70 a bug of ours, 130 cancelled.\n',
  ].join('');
}

/** The page of one command. */
export function commandHelp(name: string): string | null {
  const command = commands[name];
  if (command === undefined) return null;
  const rows = [...command.options, 'help' as OptionName].map((option) => {
    const { value, help } = options[option] as { value?: string; help: string };
    return [`--${option}${value === undefined ? '' : ` ${value}`}`, help] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  const lines = rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`);
  return `Usage: cubelens ${command.usage}\n\n${command.summary[0]?.toUpperCase() ?? ''}${command.summary.slice(1)}.\n\n${lines.join('')}`;
}
