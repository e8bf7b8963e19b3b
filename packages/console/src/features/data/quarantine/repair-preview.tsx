import { CheckCircleFilled, ExclamationCircleFilled } from '@ant-design/icons';
import type { UseQueryResult } from '@tanstack/react-query';
import type { RepairPreview } from '@zhiyin/contract';
import { Collapse } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../../components/empty-state.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { explainReason } from '../explain-reason.ts';
import { explainSaid } from '../explain-said.ts';
import { diffLines, spreadJson } from './diff-lines.ts';
import styles from './quarantine.module.css';

/** The first records before and after, each with where it would end up. */
export function RepairPreviewList({ preview }: { readonly preview: UseQueryResult<RepairPreview, Error> }) {
  const { t } = useTranslation('data');
  return (
    <QueryState query={preview} loading={<TableSkeleton rows={4} />}>
      {({ rows }) => {
        if (rows.length === 0) return <EmptyState sentence={t('quarantine.emptyFiltered')} />;
        const saved = rows.filter(({ outcome }) => outcome !== 'quarantined').length;
        return (
          <div aria-busy={preview.isFetching}>
            <p role="status" className={saved === rows.length ? styles.good : saved > 0 ? styles.some : styles.bad}>
              {saved === rows.length ? <CheckCircleFilled aria-hidden /> : <ExclamationCircleFilled aria-hidden />}{' '}
              {t('quarantine.previewSays', { count: rows.length, saved })}
            </p>
            <Collapse
              size="small"
              defaultActiveKey={rows[0]?.recordKey}
              items={rows.map((row) => ({
                key: row.recordKey,
                label: <Verdict row={row} />,
                children: <Change row={row} />,
              }))}
            />
          </div>
        );
      }}
    </QueryState>
  );
}

type Row = RepairPreview['rows'][number];
const saidOf = (row: Row, t: TFunction<'data'>): string =>
  row.explanation === null
    ? (row.detail ?? '')
    : [row.field, explainSaid(row.explanation, row.detail, t)].filter(Boolean).join(' ');

function Verdict({ row }: { readonly row: Row }) {
  const { t } = useTranslation('data');
  if (row.outcome === 'quarantined') {
    return (
      <span className={styles.bad}>
        <ExclamationCircleFilled aria-hidden />{' '}
        {t('quarantine.stillHeld', { reason: explainReason(row.reason ?? '', t).name })}
        {row.detail ? ` · ${saidOf(row, t)}` : ''}
      </span>
    );
  }
  return (
    <span className={styles.good}>
      <CheckCircleFilled aria-hidden />{' '}
      {t(row.outcome === 'valid' ? 'quarantine.willBeValid' : 'quarantine.willBeDuplicate')}
    </span>
  );
}

function Change({ row }: { readonly row: Row }) {
  const { t } = useTranslation('data');
  const lines = diffLines(spreadJson(row.before), spreadJson(row.after));
  const signs = { same: ' ', gone: '−', new: '+' };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long records scroll, and must do so by keyboard too
    <pre className={styles.diff} tabIndex={0}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
        <span key={index} data-kind={line.kind}>
          {line.kind !== 'same' && <span className="visually-hidden">{t(`quarantine.lines.${line.kind}`)}</span>}
          {`${signs[line.kind]} ${line.text}\n`}
        </span>
      ))}
    </pre>
  );
}
