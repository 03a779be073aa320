/** Lines and corners of the tables that tools draw. */
const BORDER = /[|│┃║]/;
const RULE = /^[\s+=|\-─━═┏┓┗┛┡┩└┘┌┐├┤┬┴┼┳┻╇╕╞╡╪╒╘╛╧╤╔╗╚╝]*$/;

/** The cells of one line of a table, blanks around them left out. Undefined for what is no row: rules, titles, prose. */
export function tableRow(line: string): readonly string[] | undefined {
  const text = line.trim();
  if (!BORDER.test(text.charAt(0)) || RULE.test(text)) {
    return undefined;
  }
  const cells = text.split(BORDER).slice(1).map((cell) => cell.trim());
  return cells.at(-1) === '' ? cells.slice(0, -1) : cells;
}
