const FIRST_CAPACITY = 1024;

/** What tells a file from every other one, by whatever name. */
export interface FileId {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** Files by device and inode, exactly: 25 bytes a file on average. */
export class FileSet {
  private inodes = new BigUint64Array(FIRST_CAPACITY);
  /** One more than the device's number here, so that 0 means empty. */
  private devices = new Uint16Array(FIRST_CAPACITY);
  private readonly deviceNumbers = new Map<bigint, number>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** False where the file was there already. */
  add({ dev, ino }: FileId): boolean {
    const device = this.deviceNumbers.get(dev) ?? this.deviceNumbers.size + 1;
    this.deviceNumbers.set(dev, device);
    const slot = this.slotOf(device, ino);
    if (this.devices[slot] !== 0) {
      return false;
    }
    this.devices[slot] = device;
    this.inodes[slot] = ino;
    this.count++;
    if (this.count * 4 > this.inodes.length * 3) {
      this.grow();
    }
    return true;
  }

  has({ dev, ino }: FileId): boolean {
    const device = this.deviceNumbers.get(dev);
    return device !== undefined && this.devices[this.slotOf(device, ino)] !== 0;
  }

  private slotOf(device: number, ino: bigint): number {
    const mask = this.inodes.length - 1;
    // Inodes of neighbours are neighbours: multiplying spreads them (Knuth's 2^32 / φ).
    let slot = (Math.imul(Number(BigInt.asUintN(32, ino ^ (ino >> 32n))) + device, 0x9e3779b1) >>> 7) & mask;
    while (this.devices[slot] !== 0 && (this.inodes[slot] !== ino || this.devices[slot] !== device)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private grow(): void {
    const { inodes, devices } = this;
    this.inodes = new BigUint64Array(inodes.length * 2);
    this.devices = new Uint16Array(devices.length * 2);
    for (const [index, device] of devices.entries()) {
      if (device !== 0) {
        const ino = inodes[index] ?? 0n;
        const slot = this.slotOf(device, ino);
        this.devices[slot] = device;
        this.inodes[slot] = ino;
      }
    }
  }
}
