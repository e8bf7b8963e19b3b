import { useFormats } from '../format/use-formats.ts';

/** A number by locale; shortened (1.2 万, 12 k) with the exact one on hover. */
export function Count({ value, compact = false }: { value: number; compact?: boolean }) {
  const formats = useFormats();
  return (
    <span className="tabular" title={compact ? formats.count(value) : undefined}>
      {compact ? formats.compact(value) : formats.count(value)}
    </span>
  );
}
