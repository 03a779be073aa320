const FOCUSABLE = 'button:not([disabled]), input, [tabindex="0"]';

/**
 * F6 and Shift+F6 go from one region of the page to the next: elements with `data-region`, and tables. Beyond the last
 * one the key is VS Code's again.
 */
export function cycleRegions(root: HTMLElement): void {
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'F6' || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const regions = [...root.querySelectorAll<HTMLElement>('[data-region], [role=grid], [role=treegrid]')].filter((region) => focusTarget(region));
    const at = regions.findIndex((region) => region.contains(document.activeElement));
    const next = regions[at + (event.shiftKey ? -1 : 1)];
    if (at >= 0 && next) {
      event.preventDefault();
      event.stopPropagation();
      focusTarget(next)?.focus();
    }
  });
}

function focusTarget(region: HTMLElement): HTMLElement | null {
  return region.matches('[tabindex="0"]') ? region : region.querySelector<HTMLElement>(FOCUSABLE);
}
