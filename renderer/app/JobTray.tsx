import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { JobSnapshot } from '../../src/engine/contract/index.ts';
import { cancelJob } from '../api/calls.ts';
import { jobsKey } from '../api/queries.ts';
import { useServices } from '../api/services.ts';
import { download, filesOf, handOver } from '../features/exports/exportSession.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import { CircleAlert, CircleCheck, X } from '../ui/icons.ts';
import { Bar, Ring } from '../ui/Progress.tsx';
import { useToasts } from '../ui/Toasts.tsx';

const shareOf = ({ done, total }: JobSnapshot): number | null =>
  total > 0 ? Math.min(1, done / total) : null;

/** How many jobs run; opens the list of them. */
export function JobButton({ jobs }: { readonly jobs: readonly JobSnapshot[] }) {
  const [isOpen, setIsOpen] = useState(false);
  const queries = useQueryClient();
  const running = jobs.filter(({ state }) => state === 'running');
  const shares = running.map((job) => shareOf(job) ?? 0);
  const share = shares.length === 0 ? 1 : shares.reduce((sum, one) => sum + one, 0) / shares.length;
  const words =
    running.length === 1 ? '1 job' : `${running.length === 0 ? jobs.length : running.length} jobs`;
  return (
    <>
      <Button
        className="jobs"
        aria-label={running.length > 0 ? `Jobs: ${words} running` : 'Jobs: none running'}
        onClick={() => {
          setIsOpen(true);
        }}
      >
        <Ring value={share} />
        <span className="num">{running.length > 0 ? words : 'Jobs'}</span>
      </Button>
      <Dialog
        open={isOpen}
        title="Jobs"
        size="md"
        headExtra={
          <Button
            size="sm"
            why={running.length === jobs.length ? 'None is finished.' : null}
            onClick={() => {
              queries.setQueryData<JobSnapshot[]>(jobsKey, running);
            }}
          >
            Clear finished
          </Button>
        }
        onClose={() => {
          setIsOpen(false);
        }}
      >
        <ul className="joblist" aria-label="Jobs">
          {[...jobs].reverse().map((job) => (
            <Job key={job.jobId} job={job} />
          ))}
        </ul>
      </Dialog>
    </>
  );
}

function Job({ job }: { readonly job: JobSnapshot }) {
  const { client, host } = useServices();
  const toasts = useToasts();
  const files = filesOf(job);
  const { title, state, stage, error } = job;
  const share = shareOf(job);
  return (
    <li className="job">
      <span className="t">
        {state === 'done' && <Icon of={CircleCheck} small className="ok-i" />}
        {state === 'failed' && <Icon of={CircleAlert} small className="err-i" />} {title}
      </span>
      {state === 'running' && <Bar label={title} value={share} />}
      <span className="d">
        {state === 'running' && `${stage}${share === null ? '' : `, ${Math.round(share * 100)} %`}`}
        {state === 'failed' && `${error?.message ?? 'It failed.'} ${error?.remedy ?? ''}`}
        {state === 'cancelled' && 'Cancelled; nothing was written.'}
        {state === 'done' && 'Done.'}
      </span>
      {state === 'running' && (
        <span className="acts">
          <IconButton
            small
            label={`Cancel ${title}`}
            icon={X}
            onClick={() => void cancelJob(client, job.jobId)}
          />
        </span>
      )}
      {state === 'done' && files.data.length > 0 && (
        <span className="acts">
          <Button
            size="sm"
            variant="outline"
            onClick={() => {
              download(host, toasts, job);
            }}
          >
            {host.outputLabel}
          </Button>
          {files.recipe !== null && (
            <Button
              size="sm"
              onClick={() => {
                handOver(host, toasts, job, files.recipe);
              }}
            >
              Recipe
            </Button>
          )}
        </span>
      )}
    </li>
  );
}
