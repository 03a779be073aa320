import { nearest } from '../base/nearest.ts';

/** What fills a template in. */
export interface NameFacts {
  /** The input's folder below the folder that all inputs lie under; empty for that folder itself. */
  readonly dir: string;
  /** The input's name without its extension. */
  readonly name: string;
  /** Name of the folder that the input lies in. */
  readonly parent: string;
  /** Extension of the output without the dot; undefined where it is a folder. */
  readonly ext: string | undefined;
  /** The manifest's row that names the input. */
  readonly row: Readonly<Record<string, string>> | undefined;
}

export interface TemplateFault {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly meant?: string;
}

const PLACEHOLDER = /\{([^{}]*)\}/g;
const PLAIN = ['dir', 'name', 'parent', 'ext'] as const;

/** What is wrong with a template as it was written; places are characters of it. */
export function templateFaults(template: string): readonly TemplateFault[] {
  const whole = { from: 0, to: template.length };
  const faults: TemplateFault[] = [];
  for (const match of template.matchAll(PLACEHOLDER)) {
    const name = match[1] ?? '';
    if (!isPlaceholder(name)) {
      const meant = nearest(name, [...PLAIN, 'row.']);
      faults.push({
        from: match.index,
        to: match.index + match[0].length,
        message: `{${name}} stands for nothing; there is {dir}, {name}, {parent}, {ext} and {row.COLUMN}`,
        ...(meant !== undefined && meant !== 'row.' && { meant: `{${meant}}` }),
      });
    }
  }
  const bare = template.replace(PLACEHOLDER, 'x');
  const brace = /[{}]/.exec(template.replace(PLACEHOLDER, (found) => ' '.repeat(found.length)));
  if (brace) {
    faults.push({ from: brace.index, to: brace.index + 1, message: `This ${brace[0]} has no partner` });
  }
  if (bare.startsWith('/') || bare.split('/').some((part) => part === '..' || part === '.')) {
    faults.push({ ...whole, message: 'Names stay below the output folder: no leading slash, and no “..”' });
  }
  if (bare.trim() === '' || bare.endsWith('/')) {
    faults.push({ ...whole, message: 'There is no name at the end' });
  }
  if (/[\0-\x1f\x7f]/.test(template)) {
    faults.push({ ...whole, message: 'A name cannot hold control characters' });
  }
  return faults;
}

/** Whether two inputs in one folder would have the same output, whatever they are. */
export function alwaysCollides(template: string): boolean {
  return ![...template.matchAll(PLACEHOLDER)].some(([, name = '']) => name === 'name' || name.startsWith('row.'));
}

/** Columns of the row that a template needs. */
export function columnsOf(template: string): readonly string[] {
  return [...template.matchAll(PLACEHOLDER)].flatMap(([, name = '']) => (name.startsWith('row.') ? [name.slice(4)] : []));
}

/**
 * The output's path below the output folder, or why there is none. What comes from a row is made one part of a path, whatever it
 * holds; the extension is put on where the template does not say where it goes.
 */
export function fillTemplate(template: string, facts: NameFacts): { readonly path: string } | { readonly fault: string } {
  let missing: string | undefined;
  const hasExt = template.includes('{ext}');
  const filled = template.replace(PLACEHOLDER, (_, name: string) => {
    if (name.startsWith('row.')) {
      const column = name.slice(4);
      const value = facts.row !== undefined && Object.hasOwn(facts.row, column) ? facts.row[column] : undefined;
      if (value === undefined || value.trim() === '') {
        missing ??= `its row has no “${column}”, which its output’s name needs`;
      }
      return partOf(value ?? '');
    }
    return name === 'ext' ? (facts.ext ?? '') : facts[name as 'dir' | 'name' | 'parent'];
  });
  if (missing !== undefined) {
    return { fault: missing };
  }
  const named = facts.ext === undefined || (hasExt && filled.endsWith(`.${facts.ext}`)) ? filled : `${filled}.${facts.ext}`;
  const parts = named.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 || parts.includes('..')) {
    return { fault: 'its output would have no name below the output folder' };
  }
  return { path: parts.join('/') };
}

function isPlaceholder(name: string): boolean {
  return (PLAIN as readonly string[]).includes(name) || /^row\.[^{}]+$/.test(name);
}

/** One part of a path: no slash, no dot that leads upwards, nothing that a terminal would obey. */
function partOf(value: string): string {
  const clean = value.trim().replace(/[/\0-\x1f\x7f]+/g, '_');
  return /^\.{1,2}$/.test(clean) ? '_' : clean;
}
