import process from 'node:process';

const width = 28;
const redrawMs = 120;

/** One line that is drawn again and again on a terminal; in a log, one line every tenth of the way. */
export class ProgressBar {
  readonly #label: string;
  readonly #out: NodeJS.WriteStream;
  #drawnAt = 0;
  #tenths = -1;

  constructor(label: string, out: NodeJS.WriteStream = process.stderr) {
    this.#label = label;
    this.#out = out;
  }

  update(done: number, total: number, secondsLeft: number | null = null, what = ''): void {
    const share = total > 0 ? Math.min(1, done / total) : 0;
    if (!this.#out.isTTY) {
      const tenths = Math.floor(share * 10);
      if (tenths === this.#tenths) return;
      this.#tenths = tenths;
      this.#out.write(`${this.#label}: ${tenths * 10} %${what ? ` (${what})` : ''}\n`);
      return;
    }
    const now = performance.now();
    if (now - this.#drawnAt < redrawMs && done < total) return;
    this.#drawnAt = now;
    const filled = Math.round(share * width);
    const left = secondsLeft === null || done >= total ? '' : `, ${Math.ceil(secondsLeft)} s left`;
    this.#out.write(
      `\r\x1b[2K${this.#label} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${Math.floor(share * 100)} %${left}${what ? `  ${what}` : ''}`,
    );
  }

  end(sentence = ''): void {
    if (this.#out.isTTY) this.#out.write('\r\x1b[2K');
    if (sentence) this.#out.write(`${sentence}\n`);
  }
}
