import type { Recogniser } from '../../recogniser.ts';

export const FILTER_LANGUAGE = 'rsync-filter';
/** Where the targets of a workspace are written; their rules are filter rules. */
const TARGETS_FILE = /\/\.vscode\/trainyard\.json$/;

/** Filter files are told by their language, and targets by their name. */
export const rsyncFilters: Recogniser = {
  id: 'rsyncFilter',
  languages: [FILTER_LANGUAGE, 'json', 'jsonc'],
  recognises: ({ language, path }) => language === FILTER_LANGUAGE || (path !== undefined && TARGETS_FILE.test(path)),
};
