import { describe, expect, it } from 'vitest';
import { resolveSite } from '../../../electron/lab/resolve-site.ts';
import { parseSite } from '../../../shared/format/site-text.ts';
import type { Site } from '../../../shared/model/site.ts';

const site = (text: string): Site => {
  const parsed = parseSite(text);
  if (!parsed.ok) throw new Error(parsed.error.code);
  return parsed.value;
};
const never = (): Promise<never> => new Promise(() => {});
const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

describe('the addresses of a site', () => {
  it('come from the hosts file too', async () => {
    const found = await resolveSite(site('localhost'));
    expect(found.ok && found.value.some((address) => address === '127.0.0.1' || address === '::1')).toBe(true);
  });

  it('are those that were typed, with their zone, and nobody is asked', async () => {
    const lookup = (): never => {
      throw new Error('asked');
    };
    expect(await resolveSite(site('192.0.2.7:80'), { lookup })).toEqual({ ok: true, value: ['192.0.2.7'] });
    expect(await resolveSite(site('[fe80::1%25lo]:80'), { lookup })).toEqual({ ok: true, value: ['fe80::1%lo'] });
  });

  it('keep the order of the system, each once and in one form', async () => {
    const lookup = async () => [
      { address: '2001:DB8::0:1', family: 6 },
      { address: '192.0.2.9', family: 4 },
      { address: '2001:db8::1', family: 6 },
      { address: 'fe80::1%lo', family: 6 },
      { address: 'nonsense', family: 4 },
    ];
    expect(await resolveSite(site('example.com'), { lookup })).toEqual({
      ok: true,
      value: ['2001:db8::1', '192.0.2.9', 'fe80::1%lo'],
    });
  });

  it.each([
    ['ENOTFOUND', 'name-not-found'],
    ['EAI_AGAIN', 'name-server'],
    ['EAI_FAIL', 'name-server'],
    ['ESOMETHING', 'other'],
  ])('are not there: %s is %s', async (system, code) => {
    expect(await resolveSite(site('example.com'), { lookup: failing(system) })).toEqual({
      ok: false,
      error: { code, detail: system },
    });
  });

  it('are not there: an empty answer', async () => {
    expect(await resolveSite(site('example.com'), { lookup: async () => [] })).toMatchObject({
      error: { code: 'name-not-found' },
    });
  });

  it('are waited for so long and no longer', async () => {
    expect(await resolveSite(site('example.com'), { lookup: never, timeoutMs: 30 })).toMatchObject({
      error: { code: 'name-timeout' },
    });
  });

  it('are given up when somebody cancels, before or meanwhile', async () => {
    const stop = new AbortController();
    const asked = resolveSite(site('example.com'), { lookup: never, signal: stop.signal });
    stop.abort();
    expect(await asked).toMatchObject({ error: { code: 'cancelled' } });
    expect(await resolveSite(site('localhost'), { signal: stop.signal })).toMatchObject({
      error: { code: 'cancelled' },
    });
  });
});
