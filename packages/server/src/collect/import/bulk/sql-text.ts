/** A string literal. Only for what cannot be a parameter: file paths, column names as keys, settings. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '')}'`;
}

export function identifier(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('\0', '')}\``;
}

export function list(texts: readonly string[]): string {
  return texts.map(literal).join(', ');
}
