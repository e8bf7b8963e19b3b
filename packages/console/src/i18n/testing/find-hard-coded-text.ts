/** Attributes that people read or hear. */
const spokenAttributes = ['title', 'aria-label', 'placeholder', 'label', 'alt', 'description', 'okText', 'cancelText'];

/** Words between tags, or in attributes that people read, which should have come from the texts. */
export function findHardCodedText(source: string): string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[\s;{}])\/\/.*$/gm, '');
  const found: string[] = [];
  // Between the end of a tag and the next tag, on what remains when expressions are cut out.
  for (const [, text] of code.matchAll(
    /(?:<[A-Za-z][^<>{}=]*(?:=(?:"[^"]*"|\{[^{}]*\})[^<>{}=]*)*|<\/[A-Za-z.]+)>([^<>{}]+)(?=<\/?[A-Za-z]|\{)/g,
  )) {
    const words = text!.trim();
    if (/\p{L}{2,}/u.test(words) && !/[;=()]|=>|^\w+\.\w+|^,|:$/.test(words)) found.push(words);
  }
  for (const name of spokenAttributes) {
    for (const [, text] of code.matchAll(new RegExp(`\\s${name}="([^"]*\\p{L}{2,}[^"]*)"`, 'gu'))) {
      if (!isSample(text!)) found.push(`${name}="${text}"`);
    }
  }
  return found;
}

/** `properties.price`, `https://…`: what a field takes, the same in every language. */
const isSample = (text: string): boolean => /^[a-z][\w.:/-]*$/i.test(text) && !/^[A-Z][a-z]+$/.test(text);
