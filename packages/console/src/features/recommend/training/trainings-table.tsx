import { Link } from '@tanstack/react-router';
import type { Training } from '@zhiyin/contract';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Instant } from '../../../components/instant.tsx';
import { StateTag, type StateTone } from '../../../components/state-tag.tsx';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../recommend.module.css';

const tones: Readonly<Record<Training['state'], StateTone>> = {
  queued: 'plain',
  running: 'busy',
  done: 'good',
  failed: 'bad',
  cancelled: 'plain',
};

/** Runs, newest first; what failed says why and what to do. */
export function TrainingsTable({ trainings }: { readonly trainings: readonly Training[] }) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  return (
    <Table<Training>
      rowKey="id"
      dataSource={[...trainings]}
      pagination={trainings.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
      scroll={{ x: 720 }}
      columns={[
        {
          title: t('training.column.state'),
          render: (_, training) => (
            <div className={styles.name}>
              <span>
                <StateTag tone={tones[training.state]}>{t(`training.state.${training.state}`)}</StateTag>
              </span>
              {training.error && (
                <span className={styles.small} style={{ maxWidth: 480, whiteSpace: 'normal' }}>
                  {training.error}
                </span>
              )}
            </div>
          ),
        },
        {
          title: t('training.column.model'),
          render: (_, training) =>
            training.modelVersion === null ? (
              <span className="faint">–</span>
            ) : (
              <Link
                to="/w/$workspaceId/recommend/models"
                params={true as never}
                search={{ version: training.modelVersion }}
              >
                {t('models.version', { version: training.modelVersion })}
              </Link>
            ),
        },
        { title: t('training.column.by'), render: (_, training) => t(`training.by.${training.startedBy}`) },
        {
          title: t('training.column.started'),
          render: (_, training) => <Instant at={training.startedAt ?? training.createdAt} />,
        },
        {
          title: t('training.column.took'),
          align: 'right',
          render: (_, training) =>
            training.startedAt && training.endedAt
              ? formats.duration(Date.parse(training.endedAt) - Date.parse(training.startedAt))
              : '–',
        },
      ]}
    />
  );
}
