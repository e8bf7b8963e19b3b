import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RecommendStatus } from '@zhiyin/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { isTraining, trainingsQuery, useStartTraining } from '../../../api/recommend-models.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from '../recommend.module.css';

/** What is missing before recommendations are personal, and the one thing to do about it. */
export function ReadyNotice({ status }: { readonly status: RecommendStatus }) {
  const { t } = useTranslation('recommend');
  const workspace = useWorkspace();
  const start = useStartTraining(workspace.id);
  const notice = useNotice();
  const trainings = useQuery({ ...trainingsQuery(workspace.id), enabled: status.model === null });
  if (status.catalogue.items === 0) {
    return (
      <div className={styles.notice} role="status">
        <p>{t('ready.noItems')}</p>
        <Link to="/w/$workspaceId/data/imports" params={true as never}>
          <Button type="primary">{t('ready.importItems')}</Button>
        </Link>
      </div>
    );
  }
  if (status.model) return null;
  if (isTraining(status.training)) {
    return (
      <div className={styles.notice} data-tone="plain" role="status">
        <p>{t('ready.training')}</p>
        <Link to="/w/$workspaceId/recommend/training" params={true as never}>
          {t('ready.watch')}
        </Link>
      </div>
    );
  }
  if (trainings.data?.some((training) => training.state === 'done')) {
    return (
      <div className={styles.notice} role="status">
        <p>{t('ready.notBetter')}</p>
        <Link to="/w/$workspaceId/recommend/models" params={true as never}>
          {t('ready.compare')}
        </Link>
      </div>
    );
  }
  return (
    <div className={styles.notice} role="status">
      <p>{t('ready.noModel')}</p>
      {workspace.can('data:write') && (
        <Button
          type="primary"
          loading={start.isPending}
          onClick={() => start.mutate(undefined, { onError: notice.failed })}
        >
          {t('training.start')}
        </Button>
      )}
    </div>
  );
}
