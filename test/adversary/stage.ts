/** Two hosts, a way between them, and the book: what a story plays on. */
import { type App, type ConnectOptions, Host, type Tcb } from './endpoint.ts';
import { chooseHabits, type Habits } from './habits.ts';
import { Ledger } from './ledger.ts';
import { type Middlebox, plainRouter } from './middlebox.ts';
import { ACK, type Address, address, type Origin, type Packet, seqAdd, type Who } from './packets.ts';
import { Path } from './path.ts';
import type { Random } from './random.ts';
import { type LinkHabits, ms, us, World } from './world.ts';

export interface Setting {
  readonly client?: Partial<Habits>;
  readonly server?: Partial<Habits>;
  readonly box?: Middlebox;
  readonly near?: Partial<LinkHabits>;
  readonly far?: Partial<LinkHabits>;
  /** Nothing is lost or overtaken on the way. */
  readonly clean?: boolean;
}

export class Stage {
  readonly ledger = new Ledger();
  readonly world: World;
  readonly v6: boolean;
  readonly clientAddress: Address;
  readonly serverAddress: Address;
  readonly routerAddress: Address;
  readonly clientPort: number;
  readonly serverPort: number;
  path!: Path;
  client!: Host;
  server!: Host;
  /** Time there and back. */
  rtt = 0;

  constructor(readonly random: Random) {
    this.world = new World(random);
    this.v6 = random.chance(0.25);
    const net = random.below(200) << 16;
    this.clientAddress = address(this.v6, net + 0x0101);
    this.serverAddress = address(this.v6, net + 0x0202);
    this.routerAddress = address(this.v6, net + 0x0303);
    this.serverPort = random.pick([80, 443, 22, 8080, 9999, 50_100]);
    this.clientPort = random.chance(0.08) ? random.between(1024, 2000) : random.between(32_768, 60_999);
  }

  build(setting: Setting = {}): void {
    const { random, world, ledger } = this;
    const lossy = setting.clean !== true && random.chance(0.25);
    const link = (): LinkHabits => ({
      delay: random.spread(20 * us, 60 * ms),
      jitter: random.chance(0.5) ? 0 : random.spread(us, 2 * ms),
      loss: lossy ? random.pick([0, 0.03, 0.1, 0.25]) : 0,
      reorder: lossy && random.chance(0.3) ? 0.1 : 0,
      duplicate: lossy && random.chance(0.15) ? 0.05 : 0,
      hops: random.between(0, 8),
      mtu: 65_535,
    });
    const near: LinkHabits = { ...link(), ...setting.near };
    const far: LinkHabits = { ...link(), ...setting.far };
    this.rtt = 2 * (near.delay + far.delay);
    this.path = new Path(world, near, far, setting.box ?? plainRouter);
    this.client = new Host(world, ledger, 'client', this.clientAddress, chooseHabits(random, setting.client), (p) =>
      this.path.fromClient(p),
    );
    this.server = new Host(world, ledger, 'server', this.serverAddress, chooseHabits(random, setting.server), (p) =>
      this.path.fromServer(p),
    );
    this.path.client = this.client;
    this.path.server = this.server;
  }

  after(delay: number, act: () => void): void {
    this.world.after(delay, act);
  }

  connect(app: App, more: Partial<ConnectOptions> = {}): Tcb {
    return this.client.connect(app, { from: this.clientPort, to: this.serverAddress, port: this.serverPort, ...more });
  }

  /** A packet that no socket of the host sends: a scanner's, or one of a forged sender. */
  raw(who: Who, fields: Partial<Packet>, origin: Pick<Origin, 'why' | 'attempt'> & Partial<Origin>): Packet {
    const own = who === 'client';
    const host = own ? this.client : this.server;
    return this.ledger.send(
      this.world.now,
      {
        src: own ? this.clientAddress : this.serverAddress,
        dst: own ? this.serverAddress : this.clientAddress,
        sport: own ? this.clientPort : this.serverPort,
        dport: own ? this.serverPort : this.clientPort,
        ttl: host.habits.ttl,
        id: host.habits.ids === 'zero' ? 0 : this.random.below(65_536),
        seq: 0,
        ack: 0,
        flags: ACK,
        window: 1024,
        options: [],
        length: 0,
        ...fields,
      },
      { by: who, as: who, repeats: -1, ...origin },
    );
  }

  /** An initial number for the same ports again: mostly higher than all that was used. */
  nextIss(used: number, higher: boolean): number {
    return seqAdd(used, higher ? this.random.between(1, 200_000) : -this.random.between(100_000, 900_000));
  }
}
