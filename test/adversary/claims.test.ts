/** The rules for single claims, tried with claims whose truth is known. */
import { describe, expect, it } from 'vitest';
import type { Claim } from '../../shared/model/stream.ts';
import { claimNames, compareClaims } from './claims.ts';
import { examine, type StreamResult } from './examine.ts';

const nothing = { en: '', zh: '' };

function claim(what: string, by: Claim['by'], supports: readonly number[], proved = true): Claim {
  return { what, by, text: nothing, supports, refutedBy: [], proved, otherReading: null };
}

function found({ said, truth }: StreamResult, claims: readonly Claim[]): string[] {
  const empty = { codes: [], frames: [], label: nothing, proved: false };
  const connections = [{ open: empty, close: { ...empty, initiator: null }, claims }];
  return compareClaims(truth, { ...said, connections }).map((one) => `${one.rule} ${one.finding}`);
}

const frames = ({ truth }: StreamResult) => truth.frames.map(({ frame }) => frame);

/** The first whole exchange of a story and an ending. */
function first(story: string, ending: string): StreamResult {
  for (let seed = 1; seed < 20_000; seed++) {
    const { run, streams } = examine(seed);
    if (
      run.story === story &&
      run.ending === ending &&
      streams.length === 1 &&
      streams[0].truth.whole &&
      run.planName === 'whole'
    )
      return streams[0];
  }
  throw new Error('no such run');
}

describe('the rules for claims', () => {
  it('judge every kind of claim about every kind of story', () => {
    const names = new Set<string>();
    for (let seed = 1; seed <= 150; seed++) {
      for (const stream of examine(seed).streams) {
        for (const what of claimNames)
          for (const by of ['client', 'server', 'both', null] as const)
            for (const one of found(stream, [claim(what, by, frames(stream))])) names.add(one);
      }
    }
    // Each of them is found false somewhere.
    expect(claimNames.filter((what) => !names.has(`claim: ${what} proved-false`))).toEqual([]);
  });

  it('leave alone what is so', () => {
    const stream = first('exchange', 'client closes');
    const { client } = stream.said;
    expect(client.address).toBe(stream.truth.run.clientAddress);
    expect(
      found(stream, [
        claim('roles', 'client', frames(stream)),
        claim('opened', null, frames(stream)),
        claim('closed', 'client', frames(stream)),
      ]),
    ).toEqual([]);
    expect(found(stream, [claim('closed', 'server', frames(stream))])).toEqual(['claim: closed proved-false']);
    expect(found(stream, [{ ...claim('closed', 'server', frames(stream)), refutedBy: [1] }])).toEqual([]);
  });

  it('know whose reset it was', () => {
    const stream = first('exchange', 'server aborts');
    expect(found(stream, [claim('reset', 'server', frames(stream))])).toEqual([]);
    expect(
      found(stream, [claim('reset', 'client', frames(stream)), claim('reset-injected', 'server', frames(stream))]),
    ).toEqual(['claim: reset proved-false', 'claim: reset-injected proved-false']);
  });
});
