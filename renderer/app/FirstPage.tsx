import { useEffect, useState } from 'react';
import { listCubes, openDemo } from '../api/calls.ts';
import { useClient } from '../api/clientContext.ts';
import { troubleOf, type Trouble } from '../api/problem.ts';
import type { OpenCubeAnswer } from '../../src/engine/contract/index.ts';

/** Opens the demo scene and says what it is. */
export function FirstPage() {
  const client = useClient();
  const [cube, setCube] = useState<OpenCubeAnswer | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  const open = (): void => {
    setTrouble(null);
    openDemo(client).then(setCube, (thrown: unknown) => {
      setTrouble(troubleOf(thrown));
    });
  };
  useEffect(() => {
    // A page that was loaded again still holds its cubes.
    listCubes(client).then(
      ([held]) => {
        if (held !== undefined) setCube(held);
      },
      (thrown: unknown) => {
        setTrouble(troubleOf(thrown));
      },
    );
  }, [client]);

  return (
    <main className="first">
      <h1>Cubelens</h1>
      {trouble !== null && (
        <p role="alert">
          {trouble.message} {trouble.remedy}
        </p>
      )}
      {cube === null ? (
        <button className="btn primary lg" type="button" onClick={open}>
          Open the demo scene
        </button>
      ) : (
        <dl aria-label="Metadata" className="num">
          <dt>File</dt>
          <dd>{cube.info.file}</dd>
          <dt>Size</dt>
          <dd>
            {cube.info.lines} × {cube.info.samples} × {cube.info.bands}
          </dd>
          <dt>Stored as</dt>
          <dd>
            {cube.info.dataType}, {cube.info.interleave.toUpperCase()}
          </dd>
        </dl>
      )}
    </main>
  );
}
