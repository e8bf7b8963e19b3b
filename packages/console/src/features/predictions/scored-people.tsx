import { type UseQueryResult, useInfiniteQuery } from '@tanstack/react-query';
import type { Prediction, ScoredPerson } from '@zhiyin/contract';
import { Button, Segmented, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { scoredPeopleQuery } from '../../api/predictions.ts';
import { PersonLink } from '../../components/person-link.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { ScoreReasons } from '../../components/score-reasons.tsx';
import { Section } from '../../components/section.tsx';
import { TableSkeleton } from '../../components/skeletons.tsx';
import { useScoreWords } from '../../components/use-score-words.ts';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import styles from './predictions.module.css';

/** The people with the highest or lowest scores, each with the reasons. */
export function ScoredPeople({ prediction }: { readonly prediction: Prediction }) {
  const { t } = useTranslation('predictions');
  const workspace = useWorkspace();
  const formats = useFormats();
  const [order, setOrder] = useState<'highest' | 'lowest'>('highest');
  const { scoreOf, asideOf } = useScoreWords();
  const runId = prediction.scored?.id ?? 0;
  const people = useInfiniteQuery(scoredPeopleQuery(workspace.id, prediction.id, runId, order));
  const rows = people.data?.pages.flatMap((page) => page.rows);
  return (
    <Section
      title={t('people.title')}
      subtitle={t('people.subtitle', { people: formats.count(prediction.scored?.people ?? 0) })}
      flush
      actions={
        <Segmented
          value={order}
          onChange={setOrder}
          options={(['highest', 'lowest'] as const).map((value) => ({ value, label: t(`people.${value}`) }))}
        />
      }
    >
      <QueryState
        query={{
          data: rows,
          error: people.error,
          refetch: people.refetch as unknown as UseQueryResult<ScoredPerson[]>['refetch'],
        }}
        loading={<TableSkeleton rows={5} />}
      >
        {(data) => (
          <Table<ScoredPerson>
            size="middle"
            pagination={false}
            scroll={{ x: 'max-content' }}
            rowKey="profileId"
            dataSource={data}
            columns={[
              {
                title: t('people.name'),
                render: (_, row) => <PersonLink profileId={row.profileId} displayName={row.displayName} />,
              },
              {
                title: t(`kind.${prediction.kind}.score`),
                render: (_, row) => (
                  <>
                    <b className="tabular">{scoreOf(prediction.kind, row)}</b>
                    <br />
                    <span className={styles.small}>{asideOf(prediction.kind, row)}</span>
                  </>
                ),
              },
              { title: t('people.reasons'), render: (_, row) => <ScoreReasons reasons={row.reasons} most={3} /> },
            ]}
          />
        )}
      </QueryState>
      {people.hasNextPage && (
        <p style={{ textAlign: 'center' }}>
          <Button onClick={() => void people.fetchNextPage()} loading={people.isFetchingNextPage}>
            {t('people.more')}
          </Button>
        </p>
      )}
    </Section>
  );
}
