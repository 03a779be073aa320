import { appendFileSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ledgerFile, openLedger, readLedger, type Ledger, type LedgerEntry } from '../../../../src/convert/ledger.ts';
import { compactLedger } from '../../../../src/convert/plan/ledgerFile.ts';
import { temporaryFolder } from '../../media/support.ts';

function place() {
  const folder = temporaryFolder();
  return { store: join(folder, 'store'), output: join(folder, 'out') };
}

function entry(output: string, changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    input: '/data/in/a.wav',
    output,
    inputStamp: '1234:1700000000123456789',
    outputStamp: '99:-5',
    recipe: 'r1',
    tool: 'sox-1',
    salvaged: false,
    ...changes,
  };
}

function facts(ledger: Ledger, output: string) {
  const record = ledger.recordOf(output);
  return record && { ...record, isFrom: undefined };
}

describe('the ledger of an output folder', () => {
  it('gives back every stamp to the nanosecond', async () => {
    const at = place();
    const stamps = ['0:0', '9007199254740991:1700000000123456789', '5:-1', '1:9223372036854775807', '7:12:odd'];
    const ledger = await openLedger(at);
    await ledger.append(stamps.map((stamp, index) => entry(join(at.output, `${index}.flac`), { inputStamp: stamp, outputStamp: stamp })));
    for (const known of [ledger, await readLedger(at)]) {
      expect(stamps.map((_, index) => known.recordOf(join(at.output, `${index}.flac`))?.inputStamp)).toEqual(stamps);
      expect(stamps.map((_, index) => known.stampOf(join(at.output, `${index}.flac`)))).toEqual(stamps);
    }
  });

  it('knows an output by its last entry, and from which input it came', async () => {
    const at = place();
    const output = join(at.output, 'sub/a.flac');
    await (await openLedger(at)).append([entry(output), entry(output, { recipe: 'r2', input: '/other.wav', salvaged: true })]);
    const ledger = await readLedger(at);
    expect(ledger.size).toBe(1);
    expect(facts(ledger, output)).toMatchObject({ recipe: 'r2', tool: 'sox-1', salvaged: true });
    expect([ledger.recordOf(output)?.isFrom('/other.wav'), ledger.recordOf(output)?.isFrom('/data/in/a.wav')]).toEqual([true, false]);
  });

  it('knows nothing of what is not under the output folder', async () => {
    const at = place();
    const ledger = await openLedger(at);
    await ledger.append([entry(join(at.output, 'a.flac'))]);
    expect([at.output, join(at.output, '../out2/a.flac'), `${at.output}x/a.flac`].map((path) => ledger.recordOf(path))).toEqual([undefined, undefined, undefined]);
    await expect(ledger.append([entry('/elsewhere/a.flac')])).rejects.toThrow(RangeError);
  });

  it('is the same one through a link to the folder, before the folder is there and after', async () => {
    const at = place();
    const link = join(at.output, '../link');
    const before = await ledgerFile(at);
    await (await openLedger(at)).append([entry(join(at.output, 'a.flac'))]);
    mkdirSync(at.output);
    symlinkSync(at.output, link);
    const through = { store: at.store, output: link };
    expect([await ledgerFile(at), await ledgerFile(through)]).toEqual([before, before]);
    expect((await readLedger(through)).stampOf(join(link, 'a.flac'))).toBe('99:-5');
  });

  it('writes nothing when it is only read', async () => {
    const at = place();
    expect((await readLedger(at)).size).toBe(0);
    expect(() => readFileSync(join(at.store, 'ledgers'))).toThrow(/ENOENT/);
  });

  it('loses one entry to a cut line, also where another process has appended behind it', async () => {
    const at = place();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => join(at.output, name));
    await (await openLedger(at)).append([entry(a ?? ''), entry(b ?? '')]);
    const file = await ledgerFile(at);
    truncateSync(file, readFileSync(file).length - 20);
    expect((await readLedger(at)).size).toBe(1);
    await (await openLedger(at)).append([entry(c ?? '')]);
    const ledger = await readLedger(at);
    expect([a, b, c].map((output) => ledger.stampOf(output ?? ''))).toEqual(['99:-5', undefined, '99:-5']);
    appendFileSync(file, 'null\n[1]\n"x"\n');
    expect((await readLedger(at)).size).toBe(2);
  });

  it('lets two writers append at once', async () => {
    const at = place();
    const writers = await Promise.all([openLedger(at), openLedger(at)]);
    await Promise.all(
      writers.flatMap((writer, index) => Array.from({ length: 40 }, (_, number) => writer.append([entry(join(at.output, `${index}-${number}`))]))),
    );
    expect((await readLedger(at)).size).toBe(80);
  });

  it('drops superseded lines once they are the larger part, and no entry of a writer that has it open', async () => {
    const at = place();
    const writer = await openLedger(at);
    for (let round = 0; round < 3; round++) {
      await writer.append(Array.from({ length: 700 }, (_, number) => entry(join(at.output, String(number)), { recipe: `r${round}` })));
    }
    const file = await ledgerFile(at);
    const before = readFileSync(file).length;
    const other = await openLedger(at);
    expect(readFileSync(file).length).toBeLessThan(before / 2);
    await writer.append([entry(join(at.output, 'late'))]);
    expect(other.recordOf(join(at.output, '5'))?.recipe).toBe('r2');
    const ledger = await readLedger(at);
    expect([ledger.size, ledger.recordOf(join(at.output, '5'))?.recipe]).toEqual([701, 'r2']);
  });

  it('keeps what is appended while it is compacted', async () => {
    const at = place();
    const writer = await openLedger(at);
    const file = await ledgerFile(at);
    const names = Array.from({ length: 60 }, (_, number) => join(at.output, String(number)));
    await Promise.all([
      ...names.map((name) => writer.append([entry(name)])),
      (async () => {
        for (let round = 0; round < 10; round++) {
          await compactLedger(file);
        }
      })(),
    ]);
    const ledger = await readLedger(at);
    expect(names.filter((name) => ledger.stampOf(name) === undefined)).toEqual([]);
  });

  it('is not compacted while another process does so', async () => {
    const at = place();
    await openLedger(at);
    const file = await ledgerFile(at);
    writeFileSync(`${file}.tmp`, 'half');
    await compactLedger(file);
    expect(readFileSync(`${file}.tmp`, 'utf8')).toBe('half');
  });

  it.each([
    ['a.png', 'a.webp', 'webp'],
    ['a.png', 'a.png.webp', 'webp'],
    ['a.b.mp4', 'a.b', undefined],
    ['a.b.mp4', 'a.b.mp4', 'mp4'],
    ['.wav', '.wav.flac', 'flac'],
    ['plain', 'plain.flac', 'flac'],
  ])('tells how %s became %s', async (input, output, extension) => {
    const at = place();
    const ledger = await openLedger(at);
    await ledger.append([entry(join(at.output, output), { input: `/in/${input}` })]);
    expect([...ledger.shapesOf('r1')]).toEqual([extension]);
    expect(ledger.shapesOf('r2').size).toBe(0);
  });
});
