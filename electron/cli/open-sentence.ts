import type { OpenError } from '../../shared/model/capture.ts';
import { assertUnreachable } from '../../shared/model/result.ts';

/** Why a capture file could not be opened. */
export function openSentence(error: OpenError): string {
  switch (error.code) {
    case 'not-found':
      return `there is no file ${error.path}`;
    case 'no-permission':
      return `${error.path} may not be read by this user`;
    case 'is-directory':
      return `${error.path} is a folder, not a capture file`;
    case 'empty':
      return `${error.path} is empty`;
    case 'not-a-capture':
      return `${error.path} is not a capture file (pcap or pcapng, plain, gzip or zstd); it starts with ${error.detail ?? 'other bytes'}`;
    case 'unsupported-version':
      return `${error.path} is a capture of a version that is not known (pcap below 2, or pcapng other than 1)`;
    case 'window-too-large':
      return `${error.path} is not unpacked: ${error.detail ?? 'it asks for too much memory'}`;
    case 'unpacks-too-large':
      return `${error.path} is not unpacked any further: ${error.detail ?? 'it is large'}, far more than captures do; --unpack-limit MB allows more`;
    case 'disk-full':
      return `${error.path} is not unpacked any further: ${error.detail ?? 'the disk is full'}`;
    case 'io':
    case 'worker-crashed':
      return `${error.path} could not be read: ${error.detail ?? error.code}`;
    default:
      return assertUnreachable(error.code);
  }
}
