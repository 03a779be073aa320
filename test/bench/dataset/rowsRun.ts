/** `rowsRun.ts index|screen|middle FILE`: seconds, rows and the largest resident set in megabytes, as JSON. */
import { openRows } from '../../../src/media/rows/openRows.ts';

const [mode, file = ''] = process.argv.slice(2);
const started = performance.now();
const rows = await openRows(file);
if (mode === 'index') {
  await rows.indexed();
} else {
  await rows.rows(mode === 'middle' ? Math.floor(rows.count.known / 2) : 0, 50);
}
const seconds = (performance.now() - started) / 1000;
process.stdout.write(JSON.stringify({ seconds, rows: rows.count.known, megabytes: process.resourceUsage().maxRSS / 1000 }));
rows.dispose();
