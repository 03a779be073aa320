/** Has `run` called when the test file, or outside of tests the process, is through. */
export async function atEnd(run: () => void): Promise<void> {
  if (process.env['VITEST_WORKER_ID'] === undefined) {
    process.once('exit', run);
  } else {
    const { afterAll } = await import('vitest');
    afterAll(run);
  }
}
