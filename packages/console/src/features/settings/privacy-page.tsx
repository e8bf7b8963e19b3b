import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { propertiesQuery } from '../../api/properties.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { Section } from '../../components/section.tsx';
import { TableSkeleton } from '../../components/skeletons.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import { ActionsExplained } from './actions-explained.tsx';
import { PropertiesTable } from './properties-table.tsx';
import styles from './settings.module.css';

/** Personal data found in what comes in, and what is done with it. */
export function PrivacyPage() {
  const { t } = useTranslation('settings');
  const formats = useFormats();
  const workspace = useWorkspace();
  const properties = useQuery(propertiesQuery(workspace.id));
  const personal = properties.data?.filter((property) => property.class !== 'none').length;
  const inClear = properties.data?.filter((property) => property.class !== 'none' && property.action === 'keep').length;
  const answer =
    personal === undefined || personal === 0
      ? undefined
      : inClear
        ? t('privacy.answerClear', { count: inClear, shown: formats.count(inClear), personal: formats.count(personal) })
        : t('privacy.answer', { count: personal, shown: formats.count(personal) });
  return (
    <>
      <PageHead title={t('privacy.title')} answer={answer} />
      <div className={styles.wide}>
        <Section flush title={t('privacy.list')} subtitle={t('privacy.listHelp')}>
          <QueryState query={properties} loading={<TableSkeleton rows={6} />}>
            {(rows) =>
              rows.length === 0 ? (
                <EmptyState
                  sentence={t('privacy.empty')}
                  example={t('privacy.emptyExample')}
                  action={
                    <Link to="/w/$workspaceId/data" params={{ workspaceId: String(workspace.id) }}>
                      <Button type="primary">{t('privacy.emptyAction')}</Button>
                    </Link>
                  }
                />
              ) : (
                <PropertiesTable properties={rows} mayWrite={workspace.can('settings:write')} />
              )
            }
          </QueryState>
        </Section>
        <ActionsExplained />
      </div>
    </>
  );
}
