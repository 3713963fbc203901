import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { prepareLab, runLab } from '../../../electron/lab/lab-server.ts';
import { stepText } from '../../../shared/i18n/live-text.ts';
import { isInterfaceKey, translator } from '../../../shared/i18n/translate.ts';
import { isLabId, type LabId, labIds, labVariant, labVariants } from '../../../shared/model/lab.ts';
import type { NetStep } from '../../../shared/model/net-step.ts';

/** What each side does and sees, in order. */
const story = (steps: readonly NetStep[], by: NetStep['by']): readonly string[] =>
  steps
    .filter((step) => step.by === by && step.kind !== 'waiting' && step.kind !== 'closed' && step.kind !== 'listening')
    .map(({ kind }) => kind);

const refusedBy = (address: string, port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port }, () => {
      socket.destroy();
      resolve('somebody listens');
    });
    socket.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
  });

describe('the table of lessons', () => {
  it('has each once, with all its texts', () => {
    expect(labVariants.map(({ id }) => id)).toEqual([...labIds]);
    for (const id of labIds)
      for (const part of ['title', 'see', 'segments']) expect(isInterfaceKey(`live.lab.${id}.${part}`)).toBe(true);
    expect(isLabId('normal')).toBe(true);
    expect(isLabId('toString')).toBe(false);
  });
});

describe('a lesson', () => {
  const stories: Readonly<
    Partial<Record<LabId, { readonly client: readonly string[]; readonly server: readonly string[] }>>
  > = {
    normal: {
      client: ['connecting', 'connected', 'sent', 'received', 'fin-sent', 'fin-received'],
      server: ['accepted', 'received', 'sent', 'fin-received', 'fin-sent'],
    },
    'server-closes': {
      client: ['connecting', 'connected', 'sent', 'received', 'fin-received', 'fin-sent'],
      server: ['accepted', 'received', 'sent', 'fin-sent', 'fin-received'],
    },
    'three-segment': {
      client: ['connecting', 'connected', 'sent', 'received', 'fin-sent', 'fin-received'],
      server: ['accepted', 'received', 'sent', 'fin-received', 'fin-sent'],
    },
    'half-close': {
      client: ['connecting', 'connected', 'sent', 'fin-sent', 'received', 'received', 'received', 'fin-received'],
      server: ['accepted', 'received', 'fin-received', 'sent', 'sent', 'sent', 'fin-sent'],
    },
    reset: {
      client: ['connecting', 'connected', 'sent', 'reset-received'],
      server: ['accepted', 'received', 'reset-sent'],
    },
    refused: { client: ['connecting', 'reset-received'], server: [] },
  };

  it.each(Object.entries(stories))('%s goes as its script says, on both loopback addresses', async (id, expected) => {
    if (!isLabId(id)) throw new Error(id);
    for (const family of [4, 6] as const) {
      const steps: NetStep[] = [];
      const outcome = await runLab(id, { family, report: (step) => steps.push(step) });
      if (family === 6 && outcome.problem?.code === 'no-address') continue;
      expect(outcome.problem).toBeNull();
      expect(outcome.server?.address).toBe(family === 4 ? '127.0.0.1' : '::1');
      expect(outcome.client?.address).toBe(outcome.server?.address);
      expect(outcome.client?.port).toBeGreaterThan(0);
      expect(outcome.first).toBe(labVariant(id).first);
      expect({ client: story(steps, 'client'), server: story(steps, 'server') }).toEqual(expected);
      expect(structuredClone(steps)).toEqual(steps);
      for (const language of ['en', 'zh-CN'] as const)
        for (const step of steps)
          expect(stepText(step, translator(language))).not.toMatch(/\{\w+\}|\[[^\]]*\||undefined|^$/);
    }
  });

  it('both-ways tells every line', async () => {
    const steps: NetStep[] = [];
    expect((await runLab('both-ways', { report: (step) => steps.push(step) })).problem).toBeNull();
    const bytes = (by: NetStep['by'], kind: 'sent' | 'received'): number =>
      steps.reduce((sum, step) => sum + (step.by === by && step.kind === kind ? step.bytes : 0), 0);
    expect(bytes('client', 'sent')).toBeGreaterThan(700);
    expect(bytes('server', 'received')).toBe(bytes('client', 'sent'));
    expect(bytes('client', 'received')).toBe(bytes('server', 'sent'));
  });

  it.each(labIds)('%s: its port is known before anything happens, and nobody listens afterwards', async (id) => {
    const stop = new AbortController();
    const lab = await prepareLab(id, { signal: stop.signal });
    if (!lab.ok) throw new Error(lab.error.code);
    expect(lab.value.filter).toBe(`tcp and host 127.0.0.1 and port ${lab.value.at.port}`);
    // Given up in the middle: the promise still resolves, before all is done.
    const running = lab.value.run();
    setTimeout(() => stop.abort(), 30);
    const { problem } = await running;
    if (id !== 'refused' && id !== 'three-segment') expect(problem?.code).toBe('cancelled');
    expect(await refusedBy('127.0.0.1', lab.value.at.port)).toBe('ECONNREFUSED');
  });

  it('listens on loopback only, and turns other visitors away', async () => {
    const lab = await prepareLab('normal');
    if (!lab.ok) throw new Error(lab.error.code);
    const { address, port } = lab.value.at;
    // Another address of this machine, also of its loopback network.
    expect(await refusedBy('127.0.0.2', port)).toBe('ECONNREFUSED');
    expect(await refusedBy('::1', port)).toBe('ECONNREFUSED');
    const visitors = Array.from({ length: 40 }, () => connect({ host: address, port }).on('error', () => {}));
    const gone = visitors.map((socket) => new Promise((resolve) => socket.resume().on('close', resolve)));
    expect((await lab.value.run()).problem).toBeNull();
    await Promise.all(gone);
  });

  it('that was prepared may be given up without a run', async () => {
    for (const id of labIds) {
      const lab = await prepareLab(id);
      if (!lab.ok) throw new Error(lab.error.code);
      await lab.value.close();
      expect(await refusedBy('127.0.0.1', lab.value.at.port)).toBe('ECONNREFUSED');
    }
    const stop = new AbortController();
    stop.abort();
    expect((await runLab('normal', { signal: stop.signal })).problem?.code).toBe('cancelled');
  });
});
