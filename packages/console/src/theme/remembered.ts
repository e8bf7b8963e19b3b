/** Small choices kept in this browser. A browser that forbids storage forgets them and works on. */
export const remembered = {
  read<Choice extends string>(name: string, choices: readonly Choice[], otherwise: Choice): Choice {
    try {
      const value = window.localStorage.getItem(`zhiyin.${name}`);
      return choices.find((choice) => choice === value) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  write(name: string, value: string): void {
    try {
      window.localStorage.setItem(`zhiyin.${name}`, value);
    } catch {
      // Storage is full or forbidden: the choice holds until the page is closed.
    }
  },
};
