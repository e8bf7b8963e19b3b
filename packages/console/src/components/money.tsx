import { useFormats } from '../format/use-formats.ts';

interface MoneyProps {
  minor: number;
  /** Default: the workspace's. */
  currency?: string;
  /** Shortened (12.5 k), with the exact amount on hover. */
  compact?: boolean;
}

export function Money({ minor, currency, compact = false }: MoneyProps) {
  const formats = useFormats();
  const exact = formats.money(minor, currency);
  return (
    <span className="tabular" title={compact ? exact : undefined}>
      {compact ? formats.moneyCompact(minor, currency) : exact}
    </span>
  );
}
