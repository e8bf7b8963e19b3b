/** Without white space at both ends. The same class of characters as `trimmedSql` uses, so that both sides agree. */
export function trimText(value: string): string {
  return value.trim();
}
