import { describe, expect, it } from 'vitest';
import { type HandshakeKey, handshakeEn } from '../../../shared/i18n/en/handshake.ts';
import { reportEn } from '../../../shared/i18n/en/report.ts';
import { handshakeZhCn } from '../../../shared/i18n/zh-cn/handshake.ts';
import { reportZhCn } from '../../../shared/i18n/zh-cn/report.ts';

const keys = Object.keys(handshakeEn) as HandshakeKey[];
const names = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort();
const chinese = keys.filter((key) => !key.endsWith('.join'));

describe('the texts about a connection', () => {
  it('have the same parameters in both languages', () => {
    const differing = keys.filter((key) => {
      const zh = names(handshakeZhCn[key]);
      return zh.some((name) => !names(handshakeEn[key]).includes(name));
    });
    expect(differing).toEqual([]);
  });
  it('exist in Chinese for every English key and no other', () => {
    expect(Object.keys(handshakeZhCn).sort()).toEqual([...keys].sort());
  });
  it('use full-width punctuation in Chinese', () => {
    expect(chinese.filter((key) => /[一-鿿][,;:?!.()]|[,;:?!()] ?[一-鿿]/.test(handshakeZhCn[key]))).toEqual([]);
  });
  it('end the explanations with a full stop', () => {
    const bodies = keys.filter((key) => key.endsWith('.body'));
    expect(bodies.filter((key) => !handshakeEn[key].endsWith('.') || !/[。”]$/.test(handshakeZhCn[key]))).toEqual([]);
  });
});

describe('the words of exported ladders', () => {
  const report = Object.keys(reportEn) as (keyof typeof reportEn)[];
  it('have the same keys and parameters in both languages', () => {
    expect(Object.keys(reportZhCn).sort()).toEqual([...report].sort());
    for (const key of report)
      expect({ key, names: names(reportZhCn[key]) }).toEqual({ key, names: names(reportEn[key]) });
  });
  it('use full-width punctuation in Chinese', () => {
    expect(report.filter((key) => /[一-鿿][,;:?!.()]|[,;:?!()] ?[一-鿿]/.test(reportZhCn[key]))).toEqual([]);
  });
});
