/** What an error says of itself. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
