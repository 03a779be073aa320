import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { SlowPipe } from './slowPipe.ts';
import type { LinkState } from './slowPipe.ts';

export interface LinkOptions {
  /** Milliseconds one way; half a round trip. */
  readonly oneWay?: number;
  /** Megabits a second each way of each connection. */
  readonly rate?: number;
}

/**
 * A way to a port of this machine with delay and rate, that can be cut, healed and reset. In user space: TCP's own windows do not
 * see the delay.
 */
export class SlowLink {
  private readonly state: LinkState;
  private readonly connections = new Set<{ readonly sockets: readonly [Socket, Socket]; readonly pipes: readonly [SlowPipe, SlowPipe] }>();
  private readonly server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => this.open(near));
  private leftBytes = Infinity;

  constructor(
    private readonly target: number,
    { oneWay = 0, rate = Infinity }: LinkOptions = {},
  ) {
    this.state = { oneWay, rate, isCut: false };
  }

  /** Resolves to the port of the way. */
  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on nothing passes and nobody is told: a cable pulled, a VPN gone. New connections hang. */
  cut(): void {
    this.state.isCut = true;
  }

  /** What is on its way passes again, as a network does that was away for a while. */
  heal(): void {
    this.state.isCut = false;
    this.leftBytes = Infinity;
    this.connections.forEach(({ pipes }) => pipes.forEach((pipe) => pipe.pump()));
  }

  /** Ends all connections at once with an RST, to both sides. */
  reset(): void {
    this.connections.forEach(({ sockets }) => sockets.forEach((socket) => socket.resetAndDestroy()));
    this.connections.clear();
  }

  /** Cuts it when so many more bytes have come in, both ways and all connections together. */
  cutAfter(bytes: number): void {
    this.leftBytes = bytes;
  }

  set(options: LinkOptions): void {
    Object.assign(this.state, options);
  }

  close(): void {
    this.server.close();
    this.reset();
  }

  private open(near: Socket): void {
    const far = connect({ port: this.target, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    const passed = (bytes: number): void => {
      this.leftBytes -= bytes;
      if (this.leftBytes < 0) {
        this.cut();
      }
    };
    const connection = { sockets: [near, far], pipes: [new SlowPipe(near, far, this.state, passed), new SlowPipe(far, near, this.state, passed)] } as const;
    this.connections.add(connection);
    const end = (): void => {
      if (this.connections.delete(connection)) {
        connection.pipes.forEach((pipe) => pipe.dispose());
        connection.sockets.forEach((socket) => socket.destroy());
      }
    };
    let closed = 0;
    for (const socket of connection.sockets) {
      // A failure of one side is a failure of the other, unless the way is cut: then nobody hears of anything.
      socket.on('error', () => !this.state.isCut && end());
      socket.on('close', () => ++closed === 2 && end());
    }
  }
}
