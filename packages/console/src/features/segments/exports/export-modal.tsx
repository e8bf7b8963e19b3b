import { useQuery } from '@tanstack/react-query';
import type { AudienceColumn, AudienceExportCreate } from '@zhiyin/contract';
import { Form, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { destinationsQuery, useCreateExport } from '../../../api/destinations.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { ColumnsField } from './columns-field.tsx';

type Props = {
  readonly of: { segmentId: number } | { listId: number };
  readonly name: string;
  readonly people: number;
  readonly close: () => void;
};

/** Where these people go, and what is told of each. */
export function ExportModal({ of, name, people, close }: Props) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const workspace = useWorkspace();
  const notice = useNotice();
  const destinations = useQuery(destinationsQuery(workspace.id)).data ?? [];
  const [to, setTo] = useState<string>('csv');
  const [columns, setColumns] = useState<AudienceColumn[]>(
    workspace.can('people:reveal') ? ['profile_id', 'email', 'orders', 'revenue'] : ['profile_id', 'orders', 'revenue'],
  );
  const create = useCreateExport(workspace.id);
  const target: AudienceExportCreate['to'] =
    to === 'csv' || to === 'parquet' ? { format: to } : { format: 'destination', destinationId: Number(to) };
  return (
    <Modal
      open
      title={t('export.title', { name })}
      onCancel={close}
      okText={t('export.action', { count: people, shown: formats.count(people) })}
      okButtonProps={{ disabled: columns.length === 0, loading: create.isPending }}
      onOk={() =>
        create.mutate(
          { ...of, to: target, columns },
          {
            onSuccess: () => {
              close();
              notice.done(t('export.started'));
            },
            onError: notice.failed,
          },
        )
      }
    >
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label={t('export.to')} htmlFor="export-to" extra={t(`export.help.${target.format}`)}>
          <Select
            id="export-to"
            value={to}
            options={[
              { value: 'csv', label: t('export.csv') },
              { value: 'parquet', label: t('export.parquet') },
              ...destinations.map(({ id, name: called, kind }) => ({
                value: String(id),
                label: `${called} (${t(`destination.${kind}`)})`,
              })),
            ]}
            onChange={setTo}
          />
        </Form.Item>
        <Form.Item label={t('export.columns')} htmlFor="export-columns" extra={t('export.columnsHelp')}>
          <ColumnsField value={columns} onChange={setColumns} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
