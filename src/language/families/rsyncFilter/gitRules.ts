/**
 * Lines of a .gitignore as rules of rsync for the same folder. Git lets the last match win and rsync the first, so the order is
 * turned round; comments stay above their pattern. Files that git tracks although they match are left out all the same.
 */
export function fromGitignore(lines: readonly string[]): readonly string[] {
  const groups: string[][] = [];
  let comments: string[] = [];
  for (const line of lines) {
    const rules = fromGitLine(line);
    if (rules.length > 0) {
      groups.push([...comments, ...rules]);
      comments = [];
    } else if (line.trim() !== '') {
      comments.push(line.startsWith('#') ? line : `# ${line.trim()}`);
    }
  }
  return [...groups.reverse().flat(), ...comments];
}

/** The rules of one line, of which none stands in the other's way; none for a comment. */
export function fromGitLine(line: string): readonly string[] {
  const text = withoutEnd(line);
  if (text === '' || text.startsWith('#')) {
    return [];
  }
  const isKept = text.startsWith('!');
  const pattern = isKept ? text.slice(1) : text;
  const sign = isKept ? '+' : '-';
  return patternsOf(pattern).map((one) => `${sign} ${one}`);
}

/** Git drops spaces at the end that no backslash keeps. */
function withoutEnd(line: string): string {
  let text = line;
  while (/[ \t]$/.test(text) && !/(?:^|[^\\])(?:\\\\)*\\.$/.test(text)) {
    text = text.slice(0, -1);
  }
  return text;
}

function patternsOf(written: string): readonly string[] {
  const isFolder = written.endsWith('/');
  const body = isFolder ? written.slice(0, -1) : written;
  if (body === '' || body.includes('//') || hasOddEnd(body)) {
    return [];
  }
  const isAnchored = body.includes('/');
  const parts = body.replace(/^\//, '').split('/').map((part) => (/^\*\*+$/.test(part) ? '**' : part.replace(/\*{2,}/g, '*')));
  while (parts.length > 1 && parts[0] === '**' && parts[1] === '**') {
    parts.shift();
  }
  if (parts.length === 1 && parts[0] === '**') {
    return [`*${isFolder ? '/' : ''}`];
  }
  const floats = isAnchored && parts[0] === '**';
  const rest = floats ? parts.slice(1) : parts;
  const head = floats ? (rest.some((part) => part === '**') ? '**/' : '') : isAnchored ? '/' : '';
  return middles(rest).map((one) => `${head}${asRsync(one.join('/'))}${isFolder ? '/' : ''}`);
}

/** `a/**` + `/b` stands for no folder as well in git. */
function middles(parts: readonly string[]): readonly (readonly string[])[] {
  const at = parts.findIndex((part, index) => part === '**' && index > 0 && index < parts.length - 1);
  if (at === -1) {
    return [parts];
  }
  const [before, after] = [parts.slice(0, at), middles(parts.slice(at + 1))];
  return after.flatMap((rest) => [[...before, ...rest], [...before, '**', ...rest]]);
}

/** A backslash takes away what the next character means; rsync knows that only where there are wildcards at all. */
function asRsync(pattern: string): string {
  return /[*?[]/.test(pattern) ? pattern.replace(/\\([^*?[\\])/g, '$1') : pattern.replace(/\\(.)/g, '$1');
}

function hasOddEnd(pattern: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*\\$/.test(pattern);
}
