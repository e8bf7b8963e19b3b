import { clusterMethods } from '@zhiyin/contract';
import { Modal, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStartRun } from '../../../api/customers.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from '../customers.module.css';

/** Whom to cluster, how, and into how many; what is left open is chosen. */
export function StartClusters({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation('customers');
  const id = useId();
  const workspace = useWorkspace();
  const start = useStartRun(workspace.id);
  const notice = useNotice();
  const [who, setWho] = useState<'buyers' | 'active'>('buyers');
  const [method, setMethod] = useState<(typeof clusterMethods)[number]>('auto');
  const [k, setK] = useState(0);
  return (
    <Modal
      open={open}
      onCancel={close}
      title={t('start.title')}
      okText={t('start.action')}
      cancelText={t('common:cancel')}
      confirmLoading={start.isPending}
      onOk={() =>
        start.mutate(
          { kind: 'clusters', who, method, k: k === 0 ? null : k },
          { onSuccess: close, onError: notice.failed },
        )
      }
    >
      <div className={styles.form}>
        <div className={styles.field}>
          <label htmlFor={`${id}-who`}>{t('start.who')}</label>
          <Select
            id={`${id}-who`}
            value={who}
            onChange={setWho}
            options={(['buyers', 'active'] as const).map((value) => ({ value, label: t(`start.${value}`) }))}
          />
        </div>
        <div className={styles.field}>
          <label htmlFor={`${id}-k`}>{t('start.count')}</label>
          <Select
            id={`${id}-k`}
            value={k}
            onChange={setK}
            options={[0, 3, 4, 5, 6, 7, 8, 10, 12].map((value) => ({
              value,
              label: value === 0 ? t('start.countChosen') : String(value),
            }))}
          />
        </div>
        <div className={styles.field}>
          <label htmlFor={`${id}-method`}>{t('start.method')}</label>
          <Select
            id={`${id}-method`}
            value={method}
            onChange={setMethod}
            options={clusterMethods.map((value) => ({ value, label: t(`method.${value}`) }))}
          />
        </div>
      </div>
    </Modal>
  );
}
