import { useQuery } from '@tanstack/react-query';
import type { Segment, SegmentOverlap } from '@zhiyin/contract';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { segmentOverlapQuery, segmentsQuery } from '../../../api/segments.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { ChartSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../segments.module.css';

const othersMax = 5;

/** Who is in several segments at once: one column for each combination that somebody is in. */
export function Overlap({ segment }: { readonly segment: Segment }) {
  const { t } = useTranslation('segments');
  const workspace = useWorkspace();
  const segments = (useQuery(segmentsQuery(workspace.id)).data ?? []).filter(({ id }) => id !== segment.id);
  const [chosen, setChosen] = useState<number[] | null>(null);
  const others = chosen ?? segments.slice(0, 2).map(({ id }) => id);
  const overlap = useQuery(segmentOverlapQuery(workspace.id, [segment.id, ...others]));
  return (
    <Section
      title={t('overlap.title')}
      subtitle={t('overlap.subtitle')}
      actions={
        <Select
          mode="multiple"
          style={{ minWidth: 240, maxWidth: 520 }}
          maxCount={othersMax}
          aria-label={t('overlap.with')}
          placeholder={t('overlap.with')}
          value={others}
          options={segments.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setChosen}
        />
      }
    >
      {others.length === 0 ? (
        <EmptyState sentence={t('overlap.choose')} />
      ) : (
        <QueryState query={overlap} loading={<ChartSkeleton height={260} />}>
          {(found) => <UpSet overlap={found} />}
        </QueryState>
      )}
    </Section>
  );
}

const column = 44;
const barsHeight = 140;
const rowHeight = 28;
const namesWidth = 200;
const columnsMax = 20;

function UpSet({ overlap }: { readonly overlap: SegmentOverlap }) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const { sets } = overlap;
  const intersections = overlap.intersections.filter(({ people }) => people > 0).slice(0, columnsMax);
  if (intersections.length === 0) return <EmptyState sentence={t('overlap.none')} />;
  const most = Math.max(...intersections.map(({ people }) => people));
  const nameOf = new Map(sets.map(({ id, name }) => [id, name]));
  const width = namesWidth + intersections.length * column + 16;
  const height = barsHeight + 32 + sets.length * rowHeight;
  const y = (at: number) => barsHeight + 24 + at * rowHeight + rowHeight / 2;
  return (
    <div className={styles.upset}>
      <svg width={width} height={height} role="img" aria-label={t('overlap.title')}>
        <title>{t('overlap.title')}</title>
        {sets.map((set, at) => (
          <g key={set.id}>
            {at % 2 === 0 ? (
              <rect x={0} y={y(at) - rowHeight / 2} width={width} height={rowHeight} fill="var(--wash)" />
            ) : null}
            <text x={8} y={y(at) + 4} fill="var(--ink)" fontSize={12}>
              {set.name.length > 18 ? `${set.name.slice(0, 17)}…` : set.name}
            </text>
            <text x={namesWidth - 12} y={y(at) + 4} fill="var(--faint)" fontSize={12} textAnchor="end">
              {formats.compact(set.people)}
            </text>
          </g>
        ))}
        {intersections.map(({ segmentIds, people }, i) => {
          const x = namesWidth + i * column + column / 2;
          const barHeight = Math.max(2, (people / most) * (barsHeight - 24));
          const rows = sets.flatMap((set, at) => (segmentIds.includes(set.id) ? [at] : []));
          const words = t('overlap.column', {
            count: people,
            shown: formats.count(people),
            names: segmentIds.map((id) => nameOf.get(id) ?? id).join(t('say.andAlso')),
          });
          return (
            <g key={segmentIds.join(' ')}>
              <title>{words}</title>
              <rect x={x - 12} y={barsHeight - barHeight} width={24} height={barHeight} fill="var(--indigo)" rx={2} />
              <text x={x} y={barsHeight - barHeight - 6} fill="var(--ink)" fontSize={12} textAnchor="middle">
                {formats.compact(people)}
              </text>
              <line
                x1={x}
                x2={x}
                y1={y(rows[0] ?? 0)}
                y2={y(rows.at(-1) ?? 0)}
                stroke="var(--indigo)"
                strokeWidth={3}
              />
              {sets.map((set, at) => (
                <circle
                  key={set.id}
                  cx={x}
                  cy={y(at)}
                  r={7}
                  fill={rows.includes(at) ? 'var(--indigo)' : 'var(--line)'}
                />
              ))}
            </g>
          );
        })}
      </svg>
      <ul className="visually-hidden">
        {intersections.map(({ segmentIds, people }) => (
          <li key={segmentIds.join(' ')}>
            {t('overlap.column', {
              count: people,
              shown: formats.count(people),
              names: segmentIds.map((id) => nameOf.get(id) ?? id).join(t('say.andAlso')),
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}
