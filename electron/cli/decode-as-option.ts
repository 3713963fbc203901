/** `-d TABLE==SELECTOR,PROTOCOL` with tshark's syntax and words. */
import { choosableProtocols, choosableTables } from '../../shared/dissect/decode-offers.ts';
import type { Registry } from '../../shared/dissect/registry.ts';
import type { DecodeAsRule } from '../../shared/model/decode-as.ts';

/** What is wrong: lines for standard error, the first ones after the program's name. */
export interface DecodeAsProblem {
  readonly said: readonly string[];
  /** What could have been named, a line each. */
  readonly listed: readonly string[];
}

export type DecodeAsArgument =
  | { readonly rules: readonly DecodeAsRule[]; readonly warning: string | null }
  | DecodeAsProblem;

/** Keys of one selector: more are not kept, since no table of numbers leads further. */
const mostKey = 0xffff;
const largest = 0xffff_ffff;

export function readDecodeAs(text: string, registry: Registry): DecodeAsArgument {
  const template = `Parameter "${text}" doesn't follow the template "<layer_type>==<selector>,<decode_as_protocol>"`;
  const said: string[] = [];
  const [, name = '', rest = ''] = /^ *([^=,]*)(.*)$/s.exec(text) ?? [];
  if (rest === '') said.push(template);
  const table = choosableTables(registry).find((known) => known.name === name);
  if (table === undefined)
    return {
      said: [
        ...said,
        name === '' ? 'No layer type specified' : `Unknown layer type -- ${name}`,
        'Valid layer types are:',
      ],
      listed: tablesListed(registry),
    };
  if (rest === '') return { said, listed: [] };
  const isDouble = rest.startsWith('==');
  const selection = rest.slice(isDouble ? 2 : 1);
  if (!isDouble)
    said.push(`WARNING: -d requires "==" instead of "=". Option will be treated as "${name}==${selection}"`);
  const comma = selection.indexOf(',');
  if (comma < 0) said.push(template);
  const selector = comma < 0 ? selection : selection.slice(0, comma);
  const keys = table.spec.keys === 'string' ? [selector] : keysOf(selector);
  if (typeof keys === 'string') return { said: [...said, keys], listed: [] };
  const offered = choosableProtocols(table, registry);
  const list = (problem: readonly string[]): DecodeAsProblem => ({
    said: [...said, ...problem, `Valid protocols for layer type "${name}" are:`],
    listed: offered.map(({ name, label }) => `${name} (${label})`),
  });
  if (comma < 0) return list([]);
  const protocol = selection.slice(comma + 1).trimStart();
  if (protocol === '') return list(['No protocol name specified']);
  if (!registry.byName.has(protocol)) return list([`Unknown protocol -- "${protocol}"`]);
  if (!offered.some((known) => known.name === protocol))
    return list([`Protocol "${protocol}" isn't valid for layer type "${name}"`]);
  return { rules: keys.map((key) => ({ table: name, key, protocol })), warning: said.length === 0 ? null : said[0] };
}

const tablesListed = (registry: Registry): readonly string[] =>
  choosableTables(registry).map(({ name, spec }) => `${name} (${spec.label})`);

/** As C reads numbers: hexadecimal after `0x`, octal after `0`. */
const number = '(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)';
const single = new RegExp(`^${number}$`);
const range = new RegExp(`^${number}([-:])${number}$`);
const numberOf = (text: string): number => (/^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text));

/** One number, `FROM-TO`, or `FROM:COUNT`; a text: what is wrong. */
function keysOf(selector: string): readonly number[] | string {
  const one = single.exec(selector);
  if (one !== null) {
    const key = numberOf(one[1]);
    return key > largest ? `Invalid selector number "${selector}"` : [key];
  }
  const several = range.exec(selector);
  if (several === null)
    return `Invalid selector ${/^\w.*[-:]/.test(selector) ? 'numeric range' : 'number'} "${selector}"`;
  const [first, second] = [numberOf(several[1]), numberOf(several[3])];
  const last = several[2] === '-' ? second : first + second - 1;
  if (last < first || first > largest || second > largest) return `Invalid selector numeric range "${selector}"`;
  return Array.from({ length: Math.max(0, Math.min(last, mostKey) - first + 1) }, (_, i) => first + i);
}
