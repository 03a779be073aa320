/** What the suite inside the extension host tells the runner outside: one line of JSON each, behind this mark. */
export const REPORT_MARK = 'trainyard-test: ';

export type Report =
  | { readonly type: 'passed'; readonly title: string; readonly ms: number }
  | { readonly type: 'failed'; readonly title: string; readonly message: string; readonly stack: string }
  | { readonly type: 'ended'; readonly passed: number; readonly failed: number };
