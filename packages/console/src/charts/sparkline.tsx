import { useMemo } from 'react';

type Props = {
  readonly values: readonly (number | null)[];
  /** What it shows, in words with the numbers: read out instead of the picture. */
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
  readonly color?: string;
};

/** A line of a word's size, from zero, with a dot at its end. Gaps stay gaps. */
export function Sparkline({ values, label, width = 120, height = 32, color = 'var(--indigo)' }: Props) {
  const { path, last } = useMemo(() => tracePath(values, width, height), [values, width, height]);
  return (
    <svg
      style={{ display: 'block', maxWidth: '100%', height: 'auto' }}
      role="img"
      aria-label={label}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
    >
      <title>{label}</title>
      <path d={path} fill="none" stroke={color} strokeWidth={1.5} strokeLinejoin="round" strokeLinecap="round" />
      {last && <circle cx={last.x} cy={last.y} r={2.5} fill={color} />}
    </svg>
  );
}

type Spot = { x: number; y: number };
export function tracePath(
  values: readonly (number | null)[],
  width: number,
  height: number,
): { path: string; last: Spot | null } {
  const margin = 3;
  const largest = Math.max(1e-9, ...values.map((value) => value ?? 0));
  const step = values.length > 1 ? (width - margin * 2) / (values.length - 1) : 0;
  let path = '';
  let isDrawing = false;
  let last: Spot | null = null;
  values.forEach((value, index) => {
    if (value === null) {
      isDrawing = false;
      return;
    }
    const spot = {
      x: round(margin + index * step),
      y: round(height - margin - (Math.max(0, value) / largest) * (height - margin * 2)),
    };
    path += `${isDrawing ? 'L' : 'M'}${spot.x} ${spot.y}`;
    isDrawing = true;
    last = spot;
  });
  return { path, last };
}

const round = (value: number) => Math.round(value * 10) / 10;
