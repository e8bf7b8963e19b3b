import { Link } from '@tanstack/react-router';
import type { Health } from '@zhiyin/contract';
import { Table } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { listPeriods } from '../../../charts/fill-periods.ts';
import { QueryButton } from '../../../charts/query-button.tsx';
import { Sparkline } from '../../../charts/sparkline.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { addDays } from '../../../components/range.ts';
import { Section } from '../../../components/section.tsx';
import { useFormats } from '../../../format/use-formats.ts';
import { explainReason } from '../explain-reason.ts';
import styles from './health.module.css';
import { type ReasonSum, sumReasons } from './sum-reasons.ts';

/** Why records are held back, and what to do about each. */
export function ReasonsTable({ health }: { readonly health: Health }) {
  const { reasons, queries, asOf } = health;
  const { t } = useTranslation('data');
  const formats = useFormats();
  const sums = useMemo(() => sumReasons(reasons), [reasons]);
  const days = useMemo(() => {
    const all = reasons.map(({ day }) => day).toSorted();
    return all.length > 0 ? listPeriods(all[0]!, addDays(all.at(-1)!, 1), 'day') : [];
  }, [reasons]);
  return (
    <Section
      title={t('health.reasonsTitle')}
      subtitle={t('health.reasonsSubtitle')}
      actions={<QueryButton title={t('health.reasonsTitle')} query={queries.outcomes} asOf={asOf} />}
      flush
    >
      {sums.length === 0 ? (
        <EmptyState sentence={t('health.reasonsEmpty')} />
      ) : (
        <Table<ReasonSum>
          rowKey="reason"
          dataSource={sums}
          pagination={false}
          scroll={{ x: 820 }}
          columns={[
            {
              title: t('health.reason'),
              render: (_, { reason }) => {
                const words = explainReason(reason, t);
                return (
                  <div className={styles.reasonWhat}>
                    <b>{words.name}</b>
                    <div>{words.what}</div>
                    <div className="faint">
                      {t('health.do')} {words.fix}
                    </div>
                  </div>
                );
              },
            },
            {
              title: t('health.from'),
              render: (_, { sources }) =>
                sources
                  .slice(0, 3)
                  .map(({ name, records }) => `${name} ${formats.count(records)}`)
                  .join(t('list.separator')),
            },
            {
              title: t('health.perDay'),
              render: (_, { reason, days: counts }) =>
                days.length > 1 && (
                  <Sparkline
                    values={days.map((day) => counts.get(day) ?? 0)}
                    width={110}
                    height={28}
                    color="var(--cinnabar)"
                    label={t('health.perDayOf', { reason: explainReason(reason, t).name })}
                  />
                ),
            },
            {
              title: t('health.records'),
              align: 'right',
              render: (_, { records, share }) => (
                <div className={styles.share}>
                  <span className={styles.shareBar} aria-hidden="true">
                    <span style={{ width: `${Math.max(2, share * 100)}%` }} />
                  </span>
                  <span className="tabular">{formats.count(records)}</span>
                </div>
              ),
            },
            {
              key: 'open',
              render: (_, { reason }) => (
                <Link to="/w/$workspaceId/data/quarantine" params={true as never} search={{ reason }}>
                  {t('health.see')}
                </Link>
              ),
            },
          ]}
        />
      )}
    </Section>
  );
}
