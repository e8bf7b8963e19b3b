import { ArrowDownOutlined, ArrowUpOutlined, MinusOutlined } from '@ant-design/icons';
import { computeChange } from '../format/format-rate.ts';
import { useFormats } from '../format/use-formats.ts';
import { useAppearance } from '../theme/theme-context.ts';
import { trendTone } from './trend-tone.ts';

interface TrendProps {
  now: number;
  before: number;
  /** More is worse: refunds, quarantined records. */
  lessIsBetter?: boolean;
}

/** A change with arrow and sign; red up and green down where that is the custom. */
export function Trend({ now, before, lessIsBetter = false }: TrendProps) {
  const formats = useFormats();
  const { riseChoice, palette } = useAppearance();
  const change = computeChange(now, before);
  if (change === null) return <span className="faint">–</span>;
  const tone = trendTone({ change, lessIsBetter, convention: riseChoice, locale: formats.locale });
  const colour = tone === 'flat' ? palette.faint : tone === 'jade' ? palette.jadeText : palette.cinnabarText;
  const Arrow = change > 0 ? ArrowUpOutlined : change < 0 ? ArrowDownOutlined : MinusOutlined;
  return (
    <span className="tabular" style={{ color: colour, whiteSpace: 'nowrap' }}>
      <Arrow aria-hidden style={{ fontSize: 11 }} /> {formats.change(change)}
    </span>
  );
}
