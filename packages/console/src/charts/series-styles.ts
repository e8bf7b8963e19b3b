/** How series differ besides colour, so that nobody has to tell two colours apart. */
export type SeriesStyle = {
  readonly symbol: 'circle' | 'rect' | 'triangle' | 'diamond' | 'roundRect';
  readonly dash: 'solid' | number[];
};

const styles: readonly SeriesStyle[] = [
  { symbol: 'circle', dash: 'solid' },
  { symbol: 'rect', dash: [8, 4] },
  { symbol: 'triangle', dash: [2, 3] },
  { symbol: 'diamond', dash: [10, 3, 2, 3] },
  { symbol: 'roundRect', dash: [4, 4] },
];

export function getSeriesStyle(index: number): SeriesStyle {
  return styles[index % styles.length]!;
}
