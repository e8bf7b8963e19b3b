/** Colours and type of one chart, resolved from the console's tokens (canvas cannot read CSS variables). */
export type ChartTheme = {
  readonly isDark: boolean;
  readonly paper: string;
  readonly sheet: string;
  readonly line: string;
  readonly ink: string;
  readonly faint: string;
  readonly series: readonly string[];
  /** From little to much, in one hue. */
  readonly scale: readonly string[];
  readonly good: string;
  readonly bad: string;
  readonly caution: string;
  readonly fontFamily: string;
  /** False when the operator's system asks for reduced motion. */
  readonly animate: boolean;
};
