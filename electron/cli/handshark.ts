/** The headless reader: same engine as the application's, tshark's options. */
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import { captureLive, printDevices } from './capture-output.ts';
import { help, parseArguments } from './options.ts';
import { read } from './read.ts';
import { say, systemCode } from './say.ts';
import { print } from './writer.ts';

async function main(): Promise<number> {
  const command = parseArguments(process.argv.slice(2));
  switch (command.kind) {
    case 'help':
      print(help);
      return 0;
    case 'version':
      print(`handshark ${process.env.HANDSHARK_VERSION ?? 'unbuilt'}\n`);
      return 0;
    case 'wrong':
      say(command.message);
      return 2;
    case 'devices':
      return printDevices();
    case 'capture':
      return captureLive(command.capture, command.options, createRegistry(protocols));
    case 'read':
      return read(command.options, createRegistry(protocols));
  }
}

/** What the system refuses is said in a sentence; anything else is a fault of ours, and worth its trace. */
function failed(error: unknown): never {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  say(error instanceof Error && systemCode(error) !== '' ? error.message : trace);
  process.exit(2);
}

process.on('uncaughtException', failed);
// Everything was written by the time that it answers: nothing is left to wait for.
process.exit(await main().catch(failed));
