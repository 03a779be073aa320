import { GrowingNumbers } from '../rows/rowIndex.ts';
import { bytesOfName, nameOfBytes } from './memberName.ts';

export interface Member {
  /** As `memberName.ts` writes it; only a name, wherever it seems to lead. */
  readonly name: string;
  /** Bytes, unpacked, as the archive states it. */
  readonly size: number;
  readonly index: number;
}

/** Where a member's bytes are, in the archive's own terms. */
export interface StoredMember {
  readonly size: number;
  /** Of its bytes in a tar, of its local header in a zip. */
  readonly offset: number;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Of a zip: its method, and 0x10000 where it is encrypted. */
  readonly method: number;
}

const MAX_NAMES = 1_073_741_824;
const SEPARATOR = 0;

/** Members of an archive, some forty bytes and the name for each: of a name only its bytes are kept. */
export class MemberTable {
  private names = Buffer.alloc(65_536);
  private filled = 1;
  private readonly starts = new GrowingNumbers();
  private readonly sizes = new GrowingNumbers();
  private readonly offsets = new GrowingNumbers();
  private readonly packed = new GrowingNumbers();
  private readonly methods = new GrowingNumbers();

  get length(): number {
    return this.starts.length;
  }

  /** False where there is no room for more. */
  add(name: Uint8Array, { size, offset, packed, method }: StoredMember): boolean {
    const end = this.filled + name.length + 1;
    if (end > MAX_NAMES) {
      return false;
    }
    if (end > this.names.length) {
      const wider = Buffer.alloc(Math.min(MAX_NAMES, Math.max(end, this.names.length * 2)));
      this.names.copy(wider, 0, 0, this.filled);
      this.names = wider;
    }
    this.names.set(name, this.filled);
    this.starts.push(this.filled);
    this.filled = end;
    this.sizes.push(size);
    this.offsets.push(offset);
    this.packed.push(packed);
    this.methods.push(method);
    return true;
  }

  at(index: number): Member | undefined {
    return index >= 0 && index < this.length ? { index, name: nameOfBytes(this.nameBytes(index)), size: this.sizes.at(index) } : undefined;
  }

  nameBytes(index: number): Buffer {
    const start = this.starts.at(index);
    return this.names.subarray(start, (index + 1 < this.length ? this.starts.at(index + 1) : this.filled) - 1);
  }

  stored(index: number): StoredMember {
    return { size: this.sizes.at(index), offset: this.offsets.at(index), packed: this.packed.at(index), method: this.methods.at(index) };
  }

  /** The first member of that name from an index on; -1 where there is none. */
  find(name: string, from = 0): number {
    if (from >= this.length) {
      return -1;
    }
    const bytes = bytesOfName(name);
    if (bytes.includes(SEPARATOR)) {
      return -1;
    }
    const wanted = Buffer.concat([Buffer.from([SEPARATOR]), bytes, Buffer.from([SEPARATOR])]);
    const found = this.names.subarray(0, this.filled).indexOf(wanted, this.starts.at(from) - 1);
    return found < 0 ? -1 : this.starts.lastUpTo(found + 1);
  }
}
