import { isAbsent, type Measured } from '../../base/absent.ts';
import type { NetworkSample } from '../hostSample.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import { Keyed, NOT_TOLD, parseCount, Rate } from './counters.ts';
import { Turn } from './moments.ts';

/** Ends of wires into containers and virtual machines, bridges and tunnels: what goes through them goes through a card too. */
const NOISE = /^(?:veth|cali|cilium|lxc|docker|br-|virbr|vnet|cni|flannel|kube|ifb|dummy|tun|tap|wg|tailscale|zt|sit|gre|bond|team)|[.@]/;

/** Asking a card for its speed takes a lock of the kernel's, and with some cards milliseconds. */
const SPEED_SECONDS = 30;

interface Card {
  readonly received: Rate;
  readonly sent: Rate;
  readonly turn: Turn;
  isHardware: boolean;
  speed: Measured<number>;
}

export interface NetworkCounters {
  readonly name: string;
  /** Bytes. */
  readonly received: number;
  readonly sent: number;
}

/** `/proc/net/dev` (proc_pid_net(5)), the loopback left out. */
export function parseNetDev(text: string): readonly NetworkCounters[] {
  const networks: NetworkCounters[] = [];
  for (const line of text.split('\n')) {
    const colon = line.lastIndexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim();
    const words = line.slice(colon + 1).trim().split(/\s+/);
    const received = parseCount(words[0]);
    const sent = parseCount(words[8]);
    if (name !== '' && name !== 'lo' && received !== undefined && sent !== undefined) {
      networks.push({ name, received, sent });
    }
  }
  return networks;
}

/** The speed of a link in bits per second, of `/sys/class/net/…/speed`: -1, or an error, where it is down. */
export function parseSpeed(text: Measured<string>): Measured<number> {
  const megabits = isAbsent(text) ? undefined : parseCount(text.trim());
  // Cards that do not know say 65535 or 4294967295.
  return megabits === undefined || megabits === 0 || megabits === 65535 || megabits >= 4294967295 ? NOT_TOLD : megabits * 1e6;
}

export class NetworkMeter {
  private readonly cards = new Keyed((): Card => ({
    received: new Rate(),
    sent: new Rate(),
    turn: new Turn(SPEED_SECONDS),
    isHardware: false,
    speed: NOT_TOLD,
  }));

  next(files: KernelFiles, moment: number): Measured<readonly NetworkSample[]> {
    const text = files.text('/proc/net/dev');
    if (isAbsent(text)) {
      return text;
    }
    const all = parseNetDev(text);
    if (all.length === 0 && !text.includes('|')) {
      return NOT_TOLD;
    }
    this.cards.keep(new Set(all.map(({ name }) => name)));
    const samples = all.map(({ name, received, sent }) => {
      const card = this.cards.get(name);
      if (card.turn.comes(moment)) {
        card.isHardware = !isAbsent(files.link(`/sys/class/net/${name}/device`));
        card.speed = isNoise(name, card.isHardware) ? NOT_TOLD : parseSpeed(files.text(`/sys/class/net/${name}/speed`));
      }
      // Read even where it is left out now: once it is needed, its rate is known.
      const rates = { received: card.received.next(received, moment), sent: card.sent.next(sent, moment) };
      return { sample: { name, ...rates, speed: card.speed }, isHardware: card.isHardware, isUsed: received + sent > 0 };
    });
    const hasHardware = samples.some(({ isHardware }) => isHardware);
    return samples
      .filter(({ sample, isHardware, isUsed }) => isUsed && (isHardware || !hasHardware) && !isNoise(sample.name, isHardware))
      .map(({ sample }) => sample);
  }
}

function isNoise(name: string, isHardware: boolean): boolean {
  return !isHardware && NOISE.test(name);
}
