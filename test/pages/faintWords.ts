export interface Faint {
  readonly text: string;
  readonly contrast: number;
}

/** Runs in the page: the words whose contrast with what is behind them is less than 4.5:1. */
export function faintWords(behind: string): readonly Faint[] {
  type Colour = readonly [number, number, number, number];
  const parse = (text: string): Colour => {
    const numbers = (text.match(/[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
    const scale = text.startsWith('color(') ? 255 : 1;
    const [red = 0, green = 0, blue = 0, alpha = 1] = numbers;
    return [red * scale, green * scale, blue * scale, alpha];
  };
  const over = ([red, green, blue, alpha]: Colour, under: Colour): Colour => [
    red * alpha + under[0] * (1 - alpha),
    green * alpha + under[1] * (1 - alpha),
    blue * alpha + under[2] * (1 - alpha),
    1,
  ];
  const luminance = (colour: Colour): number => {
    const [red = 0, green = 0, blue = 0] = colour.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const backgroundOf = (element: Element | null): Colour =>
    element === null ? parse(behind) : over(parse(getComputedStyle(element).backgroundColor), backgroundOf(element.parentElement));
  const faint: Faint[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim() ?? '';
    if (!element || text === '' || !element.checkVisibility() || element.closest('.spoken')) {
      continue;
    }
    const under = backgroundOf(element);
    const [one, other] = [luminance(over(parse(getComputedStyle(element).color), under)), luminance(under)];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) {
      faint.push({ text, contrast: Math.round(contrast * 100) / 100 });
    }
  }
  return faint;
}
