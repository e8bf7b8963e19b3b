import { useInfiniteQuery } from '@tanstack/react-query';
import type { LlmCall } from '@zhiyin/contract';
import { Button, Table, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { llmCallsQuery } from '../../../api/llm.ts';
import { Count } from '../../../components/count.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Instant } from '../../../components/instant.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../settings.module.css';
import { formatAmount } from './format-amount.ts';
import { formatLatency } from './format-latency.ts';

/** The ledger, newest first; a line opens to what was sent, without personal data. */
export function ModelCalls({ currency, promptDays }: { currency: string; promptDays: number }) {
  const { t } = useTranslation('llm');
  const workspace = useWorkspace();
  const calls = useInfiniteQuery(llmCallsQuery(workspace.id));
  return (
    <Section flush title={t('calls')} subtitle={t('callsHelp', { count: promptDays, days: promptDays })}>
      <QueryState query={calls} loading={<TableSkeleton rows={4} />}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.rows);
          return rows.length === 0 ? (
            <EmptyState sentence={t('callsEmpty')} example={t('callsExample')} />
          ) : (
            <CallsTable rows={rows} currency={currency} />
          );
        }}
      </QueryState>
      {calls.hasNextPage ? (
        <div className={styles.more}>
          <Button onClick={() => void calls.fetchNextPage()} loading={calls.isFetchingNextPage}>
            {t('common:loadMore')}
          </Button>
        </div>
      ) : null}
    </Section>
  );
}

function CallsTable({ rows, currency }: { rows: LlmCall[]; currency: string }) {
  const { t } = useTranslation('llm');
  const formats = useFormats();
  return (
    <Table
      rowKey="id"
      dataSource={rows}
      pagination={false}
      size="middle"
      scroll={{ x: 820 }}
      expandable={{
        rowExpandable: ({ prompt, detail }) => Boolean(prompt || detail),
        expandedRowRender: ({ prompt, detail }) => (
          <pre className={styles.raw}>{[detail, prompt].filter(Boolean).join('\n\n')}</pre>
        ),
      }}
      columns={[
        { title: t('column.at'), render: (_, call) => <Instant at={call.at} exact /> },
        {
          title: t('column.purpose'),
          render: (_, call) => (
            <div className={styles.who}>
              <span>{t(`purpose.${call.purpose}`, { defaultValue: call.purpose })}</span>
              <span className="faint">
                {call.model}
                {call.promptVersion ? ` · ${t('promptVersion', { version: call.promptVersion })}` : ''}
              </span>
            </div>
          ),
        },
        {
          title: t('column.outcome'),
          render: (_, call) => (
            <Tag variant="filled" color={call.outcome === 'answered' ? 'green' : 'red'}>
              {call.outcome === 'answered' ? t('column.answered') : t(`failure.${call.outcome}`)}
            </Tag>
          ),
        },
        {
          title: t('column.tokens'),
          align: 'right',
          render: (_, call) => <Count value={call.tokensIn + call.tokensOut} />,
        },
        {
          title: t('column.amount', { currency }),
          align: 'right',
          render: (_, call) => formatAmount(call.amount, currency, formats.locale),
        },
        {
          title: t('column.latency'),
          align: 'right',
          render: (_, call) => (call.latencyMs > 0 ? formatLatency(call.latencyMs, formats.locale) : '–'),
        },
        {
          title: t('column.kept'),
          align: 'right',
          render: (_, call) =>
            call.kind === 'embed'
              ? t('keptOf', { kept: formats.count(call.textsKept), texts: formats.count(call.texts) })
              : '–',
        },
      ]}
    />
  );
}
