/** Rows of cells, which may stand in quotes or, as older releases of amd-smi print them, hold lists in brackets that are not quoted. */
export function parseCsvLine(line: string): readonly string[] {
  const cells: string[] = [];
  let cell = '';
  let brackets = 0;
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (isQuoted) {
      if (character !== '"') {
        cell += character;
      } else if (line[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else {
        isQuoted = false;
      }
    } else if (character === '"' && cell.trim() === '') {
      isQuoted = true;
    } else if (character === ',' && brackets === 0) {
      cells.push(cell.trim());
      cell = '';
    } else {
      brackets = Math.max(0, brackets + Number(character === '[') - Number(character === ']'));
      cell += character;
    }
  }
  return [...cells, cell.trim()];
}
