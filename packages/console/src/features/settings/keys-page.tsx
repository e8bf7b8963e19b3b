import { KeyOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { apiKeysQuery } from '../../api/api-keys.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { Section } from '../../components/section.tsx';
import { TableSkeleton } from '../../components/skeletons.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import { CreateKey } from './create-key.tsx';
import { KeysTable } from './keys-table.tsx';

/** Keys with which programs use the API. */
export function KeysPage() {
  const { t } = useTranslation('settings');
  const formats = useFormats();
  const workspace = useWorkspace();
  const keys = useQuery(apiKeysQuery(workspace.id));
  const [isCreating, setIsCreating] = useState(false);
  const mayWrite = workspace.can('settings:write');
  const active = keys.data?.filter(({ revokedAt }) => revokedAt === null).length;
  const create = mayWrite ? (
    <Button type="primary" icon={<KeyOutlined />} onClick={() => setIsCreating(true)}>
      {t('keys.create')}
    </Button>
  ) : undefined;
  return (
    <>
      <PageHead
        title={t('keys.title')}
        answer={
          active === undefined
            ? undefined
            : active === 0
              ? t('keys.none')
              : t('keys.answer', { count: active, shown: formats.count(active) })
        }
        actions={keys.data?.length ? create : undefined}
      />
      <Section flush title={t('keys.list')} subtitle={t('keys.listHelp')}>
        <QueryState query={keys} loading={<TableSkeleton rows={3} />}>
          {(rows) =>
            rows.length === 0 ? (
              <EmptyState sentence={t('keys.empty')} example={t('keys.emptyExample')} action={create} />
            ) : (
              <KeysTable keys={rows} mayWrite={mayWrite} />
            )
          }
        </QueryState>
      </Section>
      <CreateKey open={isCreating} close={() => setIsCreating(false)} />
    </>
  );
}
