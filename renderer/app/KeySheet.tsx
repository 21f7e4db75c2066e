import { useState } from 'react';
import { bandViewKeys } from '../gl/inputs.ts';
import { useCommands } from '../store/commands.ts';
import { Dialog } from '../ui/Dialog.tsx';

/** Every key, by what it does; drawn from the commands themselves. */
export function KeySheet({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { list } = useCommands();
  const [text, setText] = useState('');
  const rows = [
    ...list
      .filter(({ keys = [] }) => keys.length > 0)
      .map(({ group, title, keys = [] }) => ({
        group: group === 'Help' ? 'Window' : group,
        title,
        keys: keys.slice(0, 1),
      })),
    { group: 'Window', title: 'Next part of the window', keys: ['F6'] },
    ...bandViewKeys
      .filter(({ keys }) => /arrows/.test(keys))
      .map(({ keys, does }) => ({ group: 'Band view', title: does, keys: [keys] })),
  ];
  const shown = rows.filter(({ title }) => title.toLowerCase().includes(text.toLowerCase()));
  const groups = [...new Set(shown.map(({ group }) => group))];
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Keys"
      size="xl"
      headExtra={
        <input
          className="filter"
          aria-label="Filter keys"
          placeholder="Filter keys"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
      }
    >
      <div className="keys">
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <ul>
              {shown
                .filter((row) => row.group === group)
                .map(({ title, keys }) => (
                  <li key={title}>
                    <span>{title}</span>
                    {keys.flatMap((key) => key.split(' ').map((part) => <kbd key={part}>{part}</kbd>))}
                  </li>
                ))}
            </ul>
          </section>
        ))}
        {groups.length === 0 && <p className="muted">No key does that.</p>}
      </div>
    </Dialog>
  );
}
