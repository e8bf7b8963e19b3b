/**
 * What runs inside the page. Text, and not functions, because this package is compiled without the types of a browser.
 */

export const readClipboard = 'navigator.clipboard.readText()';

/** How far the page can be pushed sideways, in pixels. */
export const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** The smallest text that is shown, in pixels. */
export const smallestText = `(() => {
  const walker = document.createTreeWalker(document.getElementById('main') ?? document.body, NodeFilter.SHOW_TEXT);
  let smallest = Infinity;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.textContent.trim() || !parent.checkVisibility() || parent.getBoundingClientRect().width < 2) continue;
    smallest = Math.min(smallest, parseFloat(getComputedStyle(parent).fontSize));
  }
  return smallest;
})()`;

/** Contrast (WCAG) of the page's heading with the page behind it. */
export const contrast = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const brightness = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const text = brightness(getComputedStyle(document.querySelector('main h1')).color);
  const paper = brightness(getComputedStyle(document.body).backgroundColor);
  return { contrast: (Math.max(text, paper) + 0.05) / (Math.min(text, paper) + 0.05), isDark: paper < 0.2 };
})()`;

/** The focused control, when it and what surrounds it look the same without the focus; null when one sees where one is. */
export const invisibleFocus = `(() => {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || focused === document.body) return null;
  const looks = () => {
    const seen = [];
    for (let element = focused, level = 0; element && level < 4; level += 1, element = element.parentElement) {
      const style = getComputedStyle(element);
      seen.push(style.outline, style.boxShadow, style.borderColor, style.backgroundColor, style.transform, style.color);
    }
    return seen.join('|');
  };
  const withFocus = looks();
  focused.blur();
  const without = looks();
  focused.focus();
  return withFocus === without ? focused.outerHTML.slice(0, 160) : null;
})()`;
