/** Runs in the page: what is beyond the side of a monitor page, and which cells of a row lie over one another. */
export function crowding(): { readonly beyond: readonly string[]; readonly overlapping: readonly string[] } {
  const main = document.querySelector('main') as HTMLElement;
  const overlapping: string[] = [];
  for (const row of document.querySelectorAll<HTMLElement>('.row, .sh, .hd')) {
    const cells = [...row.children].filter((cell) => cell.checkVisibility() && !cell.matches('.spoken') && cell.getBoundingClientRect().width > 0);
    for (const [index, cell] of cells.entries()) {
      const one = cell.getBoundingClientRect();
      const clash = cells.slice(index + 1).find((other) => {
        const two = other.getBoundingClientRect();
        return Math.min(one.right, two.right) - Math.max(one.left, two.left) > 1 && Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top) > 1;
      });
      if (clash) {
        overlapping.push(`${cell.className}: ${cell.textContent} / ${clash.className}: ${clash.textContent}`);
      }
    }
  }
  const edge = main.clientWidth;
  const out = [...main.querySelectorAll<HTMLElement>('*')]
    .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > edge + 1 && !element.closest('.ell, .details, svg, .uplot, .axis, .marks-line, .line1 > span, .spoken, .c-command'))
    .map((element) => element.className || element.tagName);
  return { beyond: main.scrollWidth > main.clientWidth ? ['scrolls', ...out] : out, overlapping };
}
