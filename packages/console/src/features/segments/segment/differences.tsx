import { useQuery } from '@tanstack/react-query';
import type { Segment, SegmentDifference } from '@zhiyin/contract';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { segmentComparisonQuery, segmentsQuery } from '../../../api/segments.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { useEventName } from '../builder/use-event-name.ts';
import styles from '../segments.module.css';
import { useNoteWords } from '../use-note-words.ts';

/** What sets these people apart from others: strongest first, each with how sure that is. */
export function Differences({ segment }: { readonly segment: Segment }) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const workspace = useWorkspace();
  const [withId, setWithId] = useState<number | null>(null);
  const segments = useQuery(segmentsQuery(workspace.id)).data ?? [];
  const comparison = useQuery(segmentComparisonQuery(workspace.id, segment.id, withId));
  const noteWords = useNoteWords();
  const others = segments.filter(({ id }) => id !== segment.id);
  return (
    <Section
      title={t('differences.title', { name: segment.name })}
      subtitle={
        comparison.data
          ? t('differences.subtitle', {
              here: formats.count(comparison.data.here.people),
              there: formats.count(comparison.data.there.people),
            })
          : undefined
      }
      actions={
        <Select
          style={{ minWidth: 200 }}
          aria-label={t('differences.with')}
          value={withId ?? 0}
          options={[
            { value: 0, label: t('differences.everyone') },
            ...others.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(next) => setWithId(next === 0 ? null : next)}
        />
      }
    >
      <QueryState query={comparison} loading={<TableSkeleton rows={6} />}>
        {({ differences, note }) =>
          note ? (
            <EmptyState sentence={noteWords(note)} />
          ) : differences.length === 0 ? (
            <EmptyState sentence={t('differences.none')} />
          ) : (
            <ul className={styles.bars}>
              {differences.slice(0, 20).map((one) => (
                <Difference key={`${one.kind} ${one.name} ${one.value}`} difference={one} />
              ))}
            </ul>
          )
        }
      </QueryState>
    </Section>
  );
}

function Difference({ difference }: { readonly difference: SegmentDifference }) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const eventName = useEventName();
  const { kind, name, value, here, there, measure, effect, low, high, strength } = difference;
  const isLess = here < there;
  const show = (amount: number) => (kind === 'number' ? formats.count(amount) : formats.rate(amount, 1));
  const label = kind === 'event' ? eventName(name) : t(`differences.name.${name}`, { defaultValue: name });
  const width = Math.min(50, strength * 50);
  return (
    <li>
      <span>
        {label}
        {value === null ? null : <b> {value}</b>}
        <br />
        <span className={styles.small}>{t(`differences.kind.${kind}`)}</span>
      </span>
      <span className={styles.track} aria-hidden="true">
        <span
          className={styles.trackBar}
          data-less={isLess}
          style={isLess ? { right: '50%', width: `${width}%` } : { left: '50%', width: `${width}%` }}
        />
      </span>
      <span className={styles.numbers}>
        <span className="tabular">
          <b>{show(here)}</b> {t('differences.against')} {show(there)}
        </span>
        {effect === null ? null : (
          <span className={`${styles.small} tabular`}>
            {t(`differences.measure.${measure}`)} {formats.count(effect)}
            {low === null || high === null ? '' : ` [${formats.count(low)}, ${formats.count(high)}]`}
          </span>
        )}
      </span>
    </li>
  );
}
