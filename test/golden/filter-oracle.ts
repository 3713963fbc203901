/**
 * tshark's answers to display filters: all filters over one file in a single run, as one Lua listener each. A
 * listener's filter is compiled and applied as that of `-Y` is (the test holds a few of them against `-Y` itself), and
 * a run costs as much as that of a single filter.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, print } from './oracle.ts';

/** A filter's matches in a file: frame numbers. Null where tshark refuses it; the text is tshark's. */
export interface FilterAnswer {
  readonly frames: readonly number[] | null;
  readonly refusal: string;
}

/** Bytes of a Lua string: three decimal digits each, so that nothing in a filter can end it. */
const luaString = (text: string): string =>
  `"${[...Buffer.from(text)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('')}"`;

function scriptOf(filters: readonly string[]): string {
  return `local filters = {\n${filters.map(luaString).join(',\n')}\n}
local out = {}
for i, filter in ipairs(filters) do
  local made, listener = pcall(Listener.new, "frame", filter)
  if made then
    local frames = {}
    function listener.packet(pinfo) frames[#frames + 1] = pinfo.number end
    function listener.draw() io.write(i, "\\t", table.concat(frames, ","), "\\n") end
  else
    io.write(i, "\\t!", (tostring(listener):gsub("[\\r\\n]+", " ")), "\\n")
  end
end
`;
}

/** What tshark finds in the file with each of the filters. */
export async function askFilters(path: string, filters: readonly string[]): Promise<readonly FilterAnswer[]> {
  const script = scriptOf(filters);
  const file = join(cache, `filters-${createHash('sha256').update(script).digest('hex').slice(0, 16)}.lua`);
  mkdirSync(cache, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, script);
  const text = await print(path, ['-q', '-X', `lua_script:${file}`]);
  const answers: FilterAnswer[] = filters.map(() => ({ frames: [], refusal: '' }));
  for (const line of text.split('\n')) {
    const [, index, rest] = /^(\d+)\t(.*)$/.exec(line) ?? [];
    if (index === undefined) continue;
    answers[Number(index) - 1] = rest.startsWith('!')
      ? { frames: null, refusal: rest.slice(1) }
      : { frames: rest === '' ? [] : rest.split(',').map(Number), refusal: '' };
  }
  return answers;
}
