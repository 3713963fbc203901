/** The lessons on the wire: what tells the truth is what was captured, read by our own analysis. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handshakeJson } from '../../../electron/cli/handshakes.ts';
import { prepareLab } from '../../../electron/lab/lab-server.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import { type LabId, labVariants } from '../../../shared/model/lab.ts';
import type { NetOutcome } from '../../../shared/model/net-step.ts';
import type { Closing, Endpoint, Opening } from '../../../shared/model/stream.ts';
import { captureLoopback } from '../../support/capture-loopback.ts';
import { openBytes } from '../../support/dissect.ts';

interface Shake {
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly open: Opening;
  readonly close: Closing;
}

let reason = '';
const played = new Map<LabId, { readonly outcome: NetOutcome; readonly shakes: readonly Shake[] }>();

/** All lessons under one capture; each is found by its ports. */
beforeAll(async () => {
  const labs = await Promise.all(labVariants.map(({ id }) => prepareLab(id)));
  const filter = labs.map((lab) => (lab.ok ? `port ${lab.value.at.port}` : '')).join(' or ');
  const capture = await captureLoopback(`tcp and (${filter})`);
  if (!capture.ok) {
    reason = capture.error;
    await Promise.all(labs.map((lab) => (lab.ok ? lab.value.close() : null)));
    return;
  }
  const outcomes = await Promise.all(
    labs.map((lab) => (lab.ok ? lab.value.run() : Promise.reject(new Error(lab.error.code)))),
  );
  const { store } = openBytes(await capture.value.stop());
  const shakes = JSON.parse(handshakeJson(store, createRegistry(protocols))) as readonly Shake[];
  for (const [i, { id }] of labVariants.entries()) {
    const outcome = outcomes[i];
    played.set(id, { outcome, shakes: shakes.filter(({ server }) => server.port === outcome.server?.port) });
  }
});
afterAll(() => played.clear());

describe('a lesson as it was captured', () => {
  it.for(labVariants)('$id', ({ id, open, close, first, sure }, context) => {
    const lesson = played.get(id);
    if (lesson === undefined) {
      context.skip(`capturing is not permitted here: ${reason}`);
      return;
    }
    const { outcome, shakes } = lesson;
    // The ports that the lab told are those of a stream in the capture.
    const shake = shakes.find(({ client }) => client.port === outcome.client?.port);
    if (!sure && outcome.problem?.code === 'not-crossed') {
      context.skip('the two FINs did not cross in any try');
      return;
    }
    expect(outcome.problem).toBeNull();
    expect(shake?.open.codes[0]).toBe(open);
    if (id !== 'simultaneous') expect(shakes).toHaveLength(1);
    expect(shake?.close.codes[0] ?? null).toBe(close);
    if (close !== null) expect(shake?.close.initiator).toBe(first);
  });
});
