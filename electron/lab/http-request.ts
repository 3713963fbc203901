/** As much of HTTP/1.1 (RFC 9112) as one request needs. */
import { safeText } from '../../shared/format/safe-text.ts';
import type { Site } from '../../shared/model/site.ts';

/** One request that asks the server to close when it has answered. */
export function requestText(site: Site, method: 'GET' | 'HEAD'): string {
  const name = site.kind === 'ipv6' ? `[${site.host}]` : site.host;
  const isUsual = site.port === (site.scheme === 'https' ? 443 : 80);
  return [
    `${method} ${site.path} HTTP/1.1`,
    `Host: ${isUsual ? name : `${name}:${site.port}`}`,
    'User-Agent: Handshark',
    'Accept: */*',
    'Connection: close',
    '',
    '',
  ].join('\r\n');
}

const maxHead = 65_536;

/** Looks at the beginning of an answer as it comes. */
export class AnswerHead {
  /** First line, made safe to show; '' until it is there. */
  line = '';
  /** The empty line after the header fields was seen. */
  complete = false;
  private text = '';

  /** @returns whether this can still be an answer in HTTP */
  push(chunk: Uint8Array): boolean {
    if (this.complete) return true;
    this.text += Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.byteLength, maxHead)).toString('latin1');
    if (this.line === '' && this.text.includes('\n'))
      this.line = safeText(this.text.slice(0, this.text.indexOf('\n')).replace(/\r$/, '').slice(0, 200));
    this.complete = /\r?\n\r?\n/.test(this.text) || this.text.length >= maxHead;
    const start = this.text.slice(0, 5);
    if (this.complete) this.text = '';
    return 'HTTP/'.startsWith(start) || start === 'HTTP/';
  }
}
