/** Reads a manifest with DuckDB's node API, types given, one thread as the check has: rows, and a sum so that values are read. */
import { DuckDBInstance } from '@duckdb/node-api';

const [file = ''] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
const started = performance.now();
const usage = process.cpuUsage();
const reader = await connection.runAndReadAll(
  `SELECT count(*), sum(duration), max(length(text)), count(DISTINCT audio_filepath || "offset") FROM read_json($file, format = 'newline_delimited', columns = {audio_filepath: 'VARCHAR', duration: 'DOUBLE', "offset": 'DOUBLE', text: 'VARCHAR', speaker: 'VARCHAR', lang: 'VARCHAR'})`,
  { file },
);
const { user, system } = process.cpuUsage(usage);
process.stdout.write(JSON.stringify({ rows: Number(reader.getRows()[0]?.[0]), seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6, megabytes: process.resourceUsage().maxRSS / 1000 }));
