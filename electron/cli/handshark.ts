/** The headless reader: same engine as the application's, tshark's options. */
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import { captureLive, printDevices } from './capture-output.ts';
import { help, parseArguments } from './options.ts';
import { read } from './read.ts';

async function main(): Promise<number> {
  const command = parseArguments(process.argv.slice(2));
  switch (command.kind) {
    case 'help':
      process.stdout.write(help);
      return 0;
    case 'version':
      process.stdout.write(`handshark ${process.env.HANDSHARK_VERSION ?? 'unbuilt'}\n`);
      return 0;
    case 'wrong':
      process.stderr.write(`handshark: ${command.message}\n`);
      return 2;
    case 'devices':
      return printDevices();
    case 'capture':
      return process.exit(await captureLive(command.capture, command.options, createRegistry(protocols)));
    case 'read':
      // Everything was written synchronously: nothing is left to wait for.
      process.exit(await read(command.options, createRegistry(protocols)));
  }
}

process.exitCode = await main();
