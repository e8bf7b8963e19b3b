import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { llmSettingsQuery } from '../../../api/llm.ts';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../settings.module.css';
import { EndpointForm } from './endpoint-form.tsx';
import { EndpointTest } from './endpoint-test.tsx';
import { formatAmount } from './format-amount.ts';
import { ModelCalls } from './model-calls.tsx';
import { ModelUsage } from './model-usage.tsx';

/** The large-model endpoint of the workspace: what is set, whether it works, what it cost and what was asked. */
export function ModelEndpointPage() {
  const { t } = useTranslation('llm');
  const formats = useFormats();
  const workspace = useWorkspace();
  const settings = useQuery(llmSettingsQuery(workspace.id));
  const mayWrite = workspace.can('settings:write');
  const { data } = settings;
  const answer =
    data === undefined
      ? undefined
      : !data.isSet
        ? t('answerNotSet')
        : !data.enabled
          ? t('answerOff')
          : t('answer', {
              count: data.today.calls,
              calls: formats.count(data.today.calls),
              tokens: formats.count(data.today.tokens),
              amount: formatAmount(data.today.amount, data.currency, formats.locale),
            });
  return (
    <>
      <PageHead title={t('title')} answer={answer} />
      <QueryState query={settings} loading={<TableSkeleton rows={6} />}>
        {(found) => (
          <div className={styles.wide}>
            {found.isSet ? null : <Alert type="info" showIcon title={t('notSet')} description={t('without')} />}
            {found.isSet && !found.enabled ? (
              <Alert type="warning" showIcon title={t('off')} description={t('without')} />
            ) : null}
            <EndpointForm key={found.updatedAt ?? 'new'} settings={found} mayWrite={mayWrite} />
            {found.isSet && mayWrite ? <EndpointTest /> : null}
            {found.isSet ? <ModelUsage currency={found.currency} /> : null}
            {found.isSet ? <ModelCalls currency={found.currency} promptDays={found.promptDays} /> : null}
          </div>
        )}
      </QueryState>
    </>
  );
}
