export interface CkptArguments {
  readonly place: string;
  readonly compare?: string;
  readonly sshConfig?: string;
  readonly json: boolean;
}

/** `help`, what was asked for, or what is wrong with it. */
export function parseCkptArguments(args: readonly string[]): 'help' | CkptArguments | { readonly fault: string } {
  const places: string[] = [];
  const values: Record<string, string> = {};
  let json = false;
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    const [name = '', given] = word.startsWith('--') ? splitOnce(word) : [];
    if (word === '--help' || word === '-h') {
      return 'help';
    }
    if (word === '--') {
      places.push(...args.slice(at + 1));
      break;
    }
    if (word === '--json') {
      json = true;
    } else if (name === '--compare' || name === '--ssh-config') {
      const value = given ?? args[++at];
      if (value === undefined || value === '') {
        return { fault: `${name} lacks its value.` };
      }
      values[name] = value;
    } else if (word.startsWith('-') && word !== '-') {
      return { fault: `There is no option ${word}.` };
    } else {
      places.push(word);
    }
  }
  const [place, ...more] = places;
  if (place === undefined || place === '' || more.length > 0) {
    return { fault: more.length > 0 ? 'One checkpoint is looked at at a time; --compare takes another.' : 'Which checkpoint?' };
  }
  const { '--compare': compare, '--ssh-config': sshConfig } = values;
  return { place, json, ...(compare !== undefined && { compare }), ...(sshConfig !== undefined && { sshConfig }) };
}

function splitOnce(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
