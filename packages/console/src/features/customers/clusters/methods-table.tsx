import type { Clustering } from '@zhiyin/contract';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Section } from '../../../components/section.tsx';
import { StateTag } from '../../../components/state-tag.tsx';

/** Which ways of clustering were tried, and which one serves. */
export function MethodsTable({ clustering }: { clustering: Clustering }) {
  const { t } = useTranslation('customers');
  return (
    <Section title={t('methods.title')} subtitle={t('methods.subtitle')} flush>
      <Table
        rowKey="method"
        size="small"
        pagination={false}
        dataSource={clustering.methods}
        columns={[
          {
            title: t('methods.method'),
            render: (_, { method }) => (
              <>
                {t(`method.${method}`)}{' '}
                {method === clustering.method && <StateTag tone="good">{t('methods.serves')}</StateTag>}
              </>
            ),
          },
          { title: t('heading.silhouette'), align: 'right', render: (_, { silhouette }) => silhouette.toFixed(3) },
          { title: t('heading.stability'), align: 'right', render: (_, { stability }) => stability.toFixed(2) },
        ]}
      />
    </Section>
  );
}
