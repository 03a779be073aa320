import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileWriter, ParquetWriter } from 'hyparquet-writer/src/node.js';
import { median, take } from '../measure.ts';
import { against, alone } from '../row.ts';
import type { Bench, BenchContext, BenchRow } from '../row.ts';

const ROUNDS = 3;
const GIB = 2 ** 30;

interface Run {
  readonly seconds: number;
  readonly rows: number;
  readonly megabytes: number;
}

/** Rows of files of 1 GiB: their index beside `wc -l`, their first screen, and the memory that both take. */
export const rowsBench: Bench = {
  room: 'dataset',
  name: 'rows',
  async run(context) {
    const { folder, say } = context;
    say('  1 GiB of JSON lines');
    const lines = join(folder, 'lines.jsonl');
    writeLines(lines);
    const wc: number[] = [];
    const index: Run[] = [];
    const screen: Run[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      wc.push((await take({ argv: ['/usr/bin/wc', '-l', lines] })).seconds);
      index.push(await run(context, 'index', lines));
      screen.push(await run(context, 'screen', lines));
    }
    say('  1 GiB of Parquet');
    const table = join(folder, 'table.parquet');
    await writeTable(table);
    const first: Run[] = [];
    const middle: Run[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      first.push(await run(context, 'screen', table));
      middle.push(await run(context, 'middle', table));
    }
    const rows: BenchRow[] = [
      against('dataset', 'rows, index of 1 GiB of JSON lines beside wc -l', middleOf(index), median(wc), 2.5),
      alone('dataset', 'rows, first screen of 1 GiB of JSON lines', middleOf(screen) * 1000, 300, 'ms'),
      alone('dataset', 'rows, memory while 1 GiB is indexed', Math.max(...index.map(({ megabytes }) => megabytes)), 300, 'MB'),
      alone('dataset', 'rows, first screen of 1 GiB of Parquet', middleOf(first) * 1000, 300, 'ms'),
      alone('dataset', 'rows, a screen in the middle of 1 GiB of Parquet', middleOf(middle) * 1000, 300, 'ms'),
      alone('dataset', 'rows, memory for a screen of Parquet', Math.max(...first.map(({ megabytes }) => megabytes)), 300, 'MB'),
    ];
    return rows;
  },
};

function middleOf(runs: readonly Run[]): number {
  return median(runs.map(({ seconds }) => seconds));
}

async function run({ root }: BenchContext, mode: string, file: string): Promise<Run> {
  const { stdout } = await take({ argv: [process.execPath, '--import', join(root, 'test/setup/typescript.mjs'), join(root, 'test/bench/dataset/rowsRun.ts'), mode, file] });
  return JSON.parse(stdout) as Run;
}

function writeLines(file: string): void {
  const fd = openSync(file, 'w');
  try {
    for (let total = 0, row = 0; total < GIB; ) {
      const lines = Array.from({ length: 20_000 }, () => {
        row++;
        return JSON.stringify({ id: `utt-${row}`, audio_filepath: `clips/${row}.wav`, duration: (row % 977) / 31, text: `the quick brown fox ${(row * 7919) % 100_003}`, speaker: `spk${row % 301}` });
      });
      total += writeSync(fd, `${lines.join('\n')}\n`);
    }
  } finally {
    closeSync(fd);
  }
}

/** Numbers that nothing packs well, and texts, in row groups of some 60 MB. */
async function writeTable(file: string): Promise<void> {
  const rows = 500_000;
  const groups = 18;
  const writer = new ParquetWriter({
    writer: fileWriter(file),
    codec: 'UNCOMPRESSED',
    schema: [
      { name: 'root', num_children: 6 },
      ...['x', 'y', 'z', 'w', 'v'].map((name) => ({ name, type: 'DOUBLE' as const, repetition_type: 'REQUIRED' as const })),
      { name: 'text', type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const, repetition_type: 'REQUIRED' as const },
    ],
  });
  let seed = 1;
  const numbers = () => Float64Array.from({ length: rows }, () => (seed = (seed * 48_271) % 2_147_483_647) / 7);
  for (let group = 0; group < groups; group++) {
    const text = Array.from({ length: rows }, (_, row) => `row ${group * rows + row} of the table, with some more words so that it is a caption of usual length`);
    await writer.write({
      columnData: [...['x', 'y', 'z', 'w', 'v'].map((name) => ({ name, data: numbers() })), { name: 'text', data: text }],
      rowGroupSize: rows,
    });
  }
  await writer.finish();
}
