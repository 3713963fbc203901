import { describe, expect, it } from 'vitest';
import { interfaceEn } from '../../../shared/i18n/en/interface.ts';
import { fillIn, translator } from '../../../shared/i18n/translate.ts';
import { interfaceZhCn } from '../../../shared/i18n/zh-cn/interface.ts';

const params = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort();

describe('interface catalogue', () => {
  it('has the same keys in both languages, none empty', () => {
    expect(Object.keys(interfaceZhCn).sort()).toEqual(Object.keys(interfaceEn).sort());
    for (const text of [...Object.values(interfaceEn), ...Object.values(interfaceZhCn)])
      expect(text.trim() === '' ? text : 'x').not.toBe('');
  });

  it('takes the same parameters in both languages', () => {
    const zh: Readonly<Record<string, string>> = interfaceZhCn;
    for (const [key, text] of Object.entries(interfaceEn)) {
      // A count that only chooses between singular and plural may be left out in Chinese, and the other way round.
      const optional = new Set(text.includes('[') ? ['count'] : []);
      const wanted = params(text).filter((name) => !optional.has(name));
      expect({ key, params: params(zh[key]).filter((name) => !optional.has(name)) }).toEqual({ key, params: wanted });
    }
  });

  it('is Chinese where it should be', () => {
    const same = Object.entries(interfaceEn).filter(
      ([key, text]) =>
        (interfaceZhCn as Readonly<Record<string, string>>)[key] === text &&
        /[a-z]{3}/i.test(text.replace(/\{\w+\}/g, '')),
    );
    expect(same.map(([key]) => key).sort()).toEqual(['app.name', 'menu.view.language.en']);
  });

  it('chooses singular and plural by the count', () => {
    const t = translator('en');
    expect(t('status.packets', { count: 1 })).toBe('1 packet');
    expect(t('status.packets', { count: '1,204' })).toBe('1,204 packets');
    expect([0, '0', 1, '1', 2, '1,001', 1.5, 'many'].map((count) => fillIn('[one|many]', { count }))).toEqual([
      'many',
      'many',
      'one',
      'one',
      'many',
      'many',
      'many',
      'many',
    ]);
    expect(fillIn('[one|many]', {})).toBe('many');
    expect(translator('zh-CN')('status.packets', { count: 1 })).toBe('1 个数据包');
  });

  it('puts parameters in as they are', () => {
    expect(fillIn('{path} is empty', { path: '[a|b]{path}$&' })).toBe('[a|b]{path}$& is empty');
  });
});
