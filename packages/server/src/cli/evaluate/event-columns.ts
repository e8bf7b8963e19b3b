/** The number of a name, in the order in which names first appeared. */
export function numberName(names: Map<string, number>, name: string): number {
  const known = names.get(name);
  if (known !== undefined) return known;
  // A copy: what is cut out of a piece of the file would keep the whole piece in memory.
  names.set(Buffer.from(name).toString(), names.size);
  return names.size - 1;
}

/** Who took what when, as columns that grow by doubling: 16 bytes an event, and the names once. */
export class EventColumns {
  readonly users = new Map<string, number>();
  readonly items = new Map<string, number>();
  length = 0;
  /** Whether events have times: what the first one has. */
  hasTimes = false;
  #user = new Uint32Array(1024);
  #item = new Uint32Array(1024);
  #at = new Float64Array(1024);

  add(user: string, item: string, at: number | undefined): void {
    if (this.length === 0) this.hasTimes = at !== undefined;
    if (this.length === this.#user.length) this.#grow();
    this.#user[this.length] = numberName(this.users, user);
    this.#item[this.length] = numberName(this.items, item);
    this.#at[this.length] = at ?? 0;
    this.length += 1;
  }

  columns(): { user: Uint32Array; item: Uint32Array; at?: Float64Array } {
    const { length } = this;
    return {
      user: this.#user.subarray(0, length),
      item: this.#item.subarray(0, length),
      ...(this.hasTimes ? { at: this.#at.subarray(0, length) } : {}),
    };
  }

  #grow(): void {
    const size = 2 * this.length;
    const [user, item, at] = [new Uint32Array(size), new Uint32Array(size), new Float64Array(size)];
    user.set(this.#user);
    item.set(this.#item);
    at.set(this.#at);
    [this.#user, this.#item, this.#at] = [user, item, at];
  }
}
