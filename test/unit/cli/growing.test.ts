import { expect, it } from 'vitest';
import { Growing } from '../../../electron/cli/growing.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';

it('writes nothing more once what came in is no capture: its file is closed', async () => {
  const growing = new Growing('the pipe', createRegistry([]), {}, () => expect.unreachable());
  growing.write(new Uint8Array(1000));
  growing.flush();
  growing.grew(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(growing.problem).toContain('the pipe is not a capture file');
  growing.write(new Uint8Array(1 << 20));
  growing.write(new Uint8Array(10));
  growing.flush();
  expect(growing.end()).toBe(2);
});
