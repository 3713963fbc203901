/** Segments between two hosts whose ports no protocol has, one by one with everything that their headers may say. */
import { packet, type TcpOptions } from './capture-builder.ts';

/** 10.0.0.1:1000. */
export const client = (options: TcpOptions): Uint8Array =>
  packet()
    .eth()
    .ip()
    .tcp({ sport: 1000, dport: 9999, ...options })
    .bytes();

/** 10.0.0.2:9999. */
export const server = (options: TcpOptions): Uint8Array =>
  packet()
    .eth()
    .ip({ src: '10.0.0.2', dst: '10.0.0.1' })
    .tcp({ sport: 9999, dport: 1000, ...options })
    .bytes();
