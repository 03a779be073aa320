const SECTIONS = ['hd', 'problems', 'pb', 'troubles', 'runs-section', 'gpu-section', 'events-section', 'host-section', 'proc-section'] as const;

/** The dashboard's parts in their order; F6 goes through those that are regions. */
export function makeSections(): Readonly<Record<(typeof SECTIONS)[number], HTMLElement>> {
  return Object.fromEntries(SECTIONS.map((name) => [name, section(name)])) as Record<(typeof SECTIONS)[number], HTMLElement>;
}

function section(name: string): HTMLElement {
  const element = document.createElement('section');
  element.className = name;
  if (['hd', 'pb', 'proc-section'].includes(name)) {
    element.dataset['region'] = '';
  }
  return element;
}
