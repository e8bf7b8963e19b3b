import { useQuery } from '@tanstack/react-query';
import type { SegmentPreview, SegmentRule } from '@zhiyin/contract';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { segmentPreviewQuery } from '../../../api/segments.ts';
import { ErrorState } from '../../../components/error-state.tsx';
import { Money } from '../../../components/money.tsx';
import { PersonLink } from '../../../components/person-link.tsx';
import { Section } from '../../../components/section.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from './builder.module.css';

const settleMs = 350;
const sampleSize = 8;

/** The question for a rule once nobody has changed it for a moment; null while it cannot be asked. */
export function useRulePreview(rule: SegmentRule | null, segmentId: number | null) {
  const workspace = useWorkspace();
  const [settled, setSettled] = useState(rule);
  const text = JSON.stringify(rule);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(text) as SegmentRule | null), settleMs);
    return () => clearTimeout(timer);
  }, [text]);
  const asked = settled ? { rule: settled, sample: sampleSize, ...(segmentId ? { segmentId } : {}) } : null;
  const preview = useQuery(segmentPreviewQuery(workspace.id, asked));
  return { preview, isSettling: rule !== null && JSON.stringify(settled) !== text };
}

/** How many people a rule takes in, and some of them, while it is edited. */
export function PreviewPanel({
  rule,
  found,
}: {
  readonly rule: SegmentRule | null;
  readonly found: ReturnType<typeof useRulePreview>;
}) {
  const { t } = useTranslation('segments');
  const { preview, isSettling } = found;
  return (
    <Section title={t('preview.title')} subtitle={t('preview.subtitle')}>
      <div aria-live="polite" aria-busy={preview.isFetching || isSettling}>
        {rule === null ? (
          <p className="faint">{t('preview.incomplete')}</p>
        ) : preview.error && !preview.isFetching ? (
          <ErrorState error={preview.error} retry={() => void preview.refetch()} />
        ) : preview.data ? (
          <div className={preview.isPlaceholderData || isSettling ? styles.stale : undefined}>
            <Counted preview={preview.data} />
          </div>
        ) : (
          <p className="faint">{t('preview.counting')}</p>
        )}
      </div>
    </Section>
  );
}

function Counted({ preview }: { readonly preview: SegmentPreview }) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const { people, everyone, margin, sample, duplicateOf, elapsedMs } = preview;
  const share = everyone > 0 ? people / everyone : 0;
  return (
    <>
      <p className={`${styles.count} tabular`} data-testid="preview-people">
        {margin > 0 ? '≈ ' : ''}
        {formats.count(people)}
      </p>
      <p className="faint">
        {t('preview.share', { share: formats.rate(share, 1), everyone: formats.count(everyone) })}
        {margin > 0 ? ` · ± ${formats.count(Math.round(margin))}` : ''}
      </p>
      <div className={styles.bar} aria-hidden="true">
        <span style={{ width: `${Math.min(100, share * 100)}%` }} />
      </div>
      {duplicateOf ? <p className={styles.warning}>{t('preview.duplicate', { name: duplicateOf.name })}</p> : null}
      <ul className={styles.sample}>
        {sample.map((person) => (
          <li key={person.profileId}>
            <PersonLink profileId={person.profileId} displayName={person.displayName} />
            <span className={styles.sampleMoney}>
              {person.orders > 0 ? (
                <Money minor={person.revenueMinor} currency={person.currency} />
              ) : (
                t('preview.events', { count: person.events, shown: formats.count(person.events) })
              )}
            </span>
          </li>
        ))}
      </ul>
      <p className="faint" style={{ marginTop: 12, fontSize: 12 }}>
        {t('preview.elapsed', { time: formats.count(Math.round(elapsedMs)) })}
      </p>
    </>
  );
}
