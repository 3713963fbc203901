/** The way between two hosts, with a device in its middle and four places at which everything that passes is noted. */
import type { Host } from './endpoint.ts';
import type { Middlebox } from './middlebox.ts';
import type { Packet } from './packets.ts';
import { Link, type LinkHabits, type World } from './world.ts';

/** At the client; on the client's and on the server's side of the device in the middle; at the server. */
export type Tap = 'client' | 'near' | 'far' | 'server';

export interface Seen {
  readonly packet: Packet;
  readonly at: number;
  readonly tap: Tap;
  readonly toServer: boolean;
  /** Noted at the host that sent it. */
  readonly outgoing: boolean;
}

export class Path {
  readonly seen: Seen[] = [];
  client: Host | null = null;
  server: Host | null = null;
  private readonly links: { readonly up: readonly [Link, Link]; readonly down: readonly [Link, Link] };

  constructor(
    readonly world: World,
    near: LinkHabits,
    far: LinkHabits,
    readonly box: Middlebox,
  ) {
    this.links = {
      up: [new Link(world, near), new Link(world, far)],
      down: [new Link(world, far), new Link(world, near)],
    };
  }

  fromClient(packet: Packet): void {
    this.note(packet, 'client', true, true);
    this.links.up[0].carry(packet, (one) => {
      this.note(one, 'near', true);
      this.box.pass(one, true, this);
    });
  }

  fromServer(packet: Packet): void {
    this.note(packet, 'server', false, true);
    this.links.down[0].carry(packet, (one) => {
      this.note(one, 'far', false);
      this.box.pass(one, false, this);
    });
  }

  /** Sends a packet on from the middle. */
  forward(packet: Packet, toServer: boolean): void {
    this.note(packet, toServer ? 'far' : 'near', toServer);
    this.links[toServer ? 'up' : 'down'][1].carry(packet, (one) => {
      this.note(one, toServer ? 'server' : 'client', toServer);
      (toServer ? this.server : this.client)?.receive(one);
    });
  }

  private note(packet: Packet, tap: Tap, toServer: boolean, outgoing = false): void {
    this.seen.push({ packet, at: this.world.now, tap, toServer, outgoing });
  }
}
