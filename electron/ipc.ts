import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import type { z } from 'zod';
import {
  bridgeCalls,
  type BridgeAnswer,
  type BridgeChannel,
  type BridgeValues,
} from '../src/engine/contract/index.ts';
import { asCubelensError, CubelensError, toWireError } from '../src/engine/engine.ts';
import { isOurs } from './security.ts';

/** The handlers of all calls of the window. */
export type BridgeHandlers = {
  [Channel in BridgeChannel]: (
    ...args: z.infer<(typeof bridgeCalls)[Channel]>
  ) => BridgeValues[Channel] | Promise<BridgeValues[Channel]>;
};

/**
 * Serves the window's calls: the only place that knows `ipcMain`. A call is answered only for the main frame of a page of
 * ours, and only where its arguments fit. Errors are answers, because a thrown one crosses as text alone.
 */
export function serveCalls(handlers: BridgeHandlers): void {
  for (const channel of Object.keys(bridgeCalls) as BridgeChannel[]) {
    ipcMain.handle(channel, (event, ...args: unknown[]) => call(event, channel, args, handlers));
  }
}

async function call(
  event: IpcMainInvokeEvent,
  channel: BridgeChannel,
  args: unknown[],
  handlers: BridgeHandlers,
): Promise<BridgeAnswer<unknown>> {
  try {
    const { senderFrame: frame, sender } = event;
    // Null or detached since Electron 33 where the frame has gone.
    if (frame === null || frame !== sender.mainFrame || !isOurs(frame.url)) {
      throw new CubelensError('access-denied', 'This call comes from another page.');
    }
    const checked = bridgeCalls[channel].safeParse(args);
    if (!checked.success) {
      const reason = checked.error.issues[0]?.message ?? 'not valid';
      throw new CubelensError('invalid-request', `${channel}: ${reason}.`);
    }
    const handler = handlers[channel] as (...values: unknown[]) => unknown;
    return { ok: true, value: await handler(...(checked.data as unknown[])) };
  } catch (thrown) {
    return { ok: false, error: toWireError(asCubelensError(thrown)) };
  }
}
