import { useQuery } from '@tanstack/react-query';
import type { Destination, DestinationCreate } from '@zhiyin/contract';
import { Alert, Button, Form, Input, Modal, Radio, Space, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  destinationsQuery,
  useCreateDestination,
  useDeleteDestination,
  useTestDestination,
} from '../../../api/destinations.ts';
import { applyFieldErrors } from '../../../components/apply-field-errors.ts';
import { CopyText } from '../../../components/copy-text.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useConfirm } from '../../../components/use-confirm.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from '../segments.module.css';
import { ExportsTable } from './exports-table.tsx';

/** Where people of segments and lists can be sent, and what was sent. */
export function DestinationsPage() {
  const { t } = useTranslation('segments');
  const workspace = useWorkspace();
  const destinations = useQuery(destinationsQuery(workspace.id));
  const [isCreating, setCreating] = useState(false);
  const mayChange = workspace.can('settings:write');
  const create = mayChange ? <Button onClick={() => setCreating(true)}>{t('destination.create')}</Button> : undefined;
  return (
    <>
      <PageHead title={t('tabs.destinations')} answer={t('destination.answer')} actions={create} />
      <div className={styles.stack}>
        <Section title={t('destination.list')} subtitle={t('destination.listHelp')} flush>
          <QueryState query={destinations} loading={<TableSkeleton rows={3} />}>
            {(rows) =>
              rows.length === 0 ? (
                <EmptyState sentence={t('destination.empty')} example={t('destination.emptyExample')} action={create} />
              ) : (
                <DestinationsTable rows={rows} mayChange={mayChange} />
              )
            }
          </QueryState>
        </Section>
        <ExportsTable of={{}} />
      </div>
      {isCreating ? <CreateDestination close={() => setCreating(false)} /> : null}
    </>
  );
}

function DestinationsTable({
  rows,
  mayChange,
}: {
  readonly rows: readonly Destination[];
  readonly mayChange: boolean;
}) {
  const { t } = useTranslation('segments');
  const workspace = useWorkspace();
  const notice = useNotice();
  const confirm = useConfirm();
  const test = useTestDestination(workspace.id);
  const remove = useDeleteDestination(workspace.id);
  const columns: TableColumnsType<Destination> = [
    {
      key: 'name',
      title: t('list.name'),
      render: (_, one) => (
        <div className={styles.name}>
          <b>{one.name}</b>
          <span className={styles.small}>
            {t(`destination.${one.kind}`)} · {one.url}
            {one.table ? ` · ${one.table}` : ''}
          </span>
        </div>
      ),
    },
    {
      key: 'subscriptions',
      title: t('destination.subscriptions'),
      align: 'right',
      responsive: ['sm'],
      render: (_, one) => one.subscriptions,
    },
    {
      key: 'act',
      title: '',
      align: 'right',
      render: (_, one) =>
        mayChange ? (
          <Space>
            <Button
              size="small"
              loading={test.isPending && test.variables === one.id}
              onClick={() =>
                test.mutate(one.id, {
                  onSuccess: ({ ok, said }) =>
                    ok ? notice.done(t('destination.works', { name: one.name })) : notice.failed(new Error(said)),
                  onError: notice.failed,
                })
              }
            >
              {t('destination.test')}
            </Button>
            <Button
              size="small"
              type="text"
              onClick={() =>
                confirm({
                  title: t('destination.removeTitle', { name: one.name }),
                  consequence: t('destination.removeConsequence', { count: one.subscriptions }),
                  action: t('common:remove'),
                  run: () => remove.mutateAsync(one.id).catch(notice.failed),
                })
              }
            >
              {t('common:remove')}
            </Button>
          </Space>
        ) : null,
    },
  ];
  return <Table rowKey="id" columns={columns} dataSource={rows as Destination[]} pagination={false} size="middle" />;
}

type Fields = {
  kind: 'webhook' | 'clickhouse';
  name: string;
  url: string;
  table?: string;
  user?: string;
  password?: string;
};

function CreateDestination({ close }: { readonly close: () => void }) {
  const { t } = useTranslation('segments');
  const workspace = useWorkspace();
  const notice = useNotice();
  const [form] = Form.useForm<Fields>();
  const kind = Form.useWatch('kind', form) ?? 'webhook';
  const create = useCreateDestination(workspace.id);
  const secret = create.data?.secret ?? null;
  const save = ({ name, url, table = '', user, password }: Fields) => {
    const body: DestinationCreate =
      kind === 'webhook'
        ? { kind, name, url }
        : { kind, name, url, table, user: user || 'default', password: password ?? '' };
    create.mutate(body, {
      onSuccess: (made) => {
        if (made.secret === null) close();
      },
      onError: (error) => {
        if (!applyFieldErrors(form, error)) notice.failed(error);
      },
    });
  };
  const required = [{ required: true, message: t('common:required') }];
  return (
    <Modal
      open
      title={t('destination.create')}
      onCancel={close}
      okText={secret ? t('common:close') : t('destination.add')}
      okButtonProps={{ loading: create.isPending }}
      onOk={() => (secret ? close() : form.submit())}
    >
      {secret ? (
        <Alert type="success" title={t('destination.secret')} description={<CopyText text={secret} code />} />
      ) : (
        <Form form={form} layout="vertical" requiredMark={false} initialValues={{ kind: 'webhook' }} onFinish={save}>
          <Form.Item name="kind">
            <Radio.Group
              options={(['webhook', 'clickhouse'] as const).map((value) => ({
                value,
                label: t(`destination.${value}`),
              }))}
            />
          </Form.Item>
          <Form.Item name="name" label={t('list.name')} rules={required}>
            <Input maxLength={120} />
          </Form.Item>
          <Form.Item name="url" label={t('destination.url')} rules={required} extra={t(`destination.urlHelp.${kind}`)}>
            <Input
              type="url"
              placeholder={
                kind === 'webhook' ? 'https://crm.example.com/zhiyin' : 'https://clickhouse.example.com:8443'
              }
            />
          </Form.Item>
          {kind === 'clickhouse' ? (
            <>
              <Form.Item name="table" label={t('destination.table')} rules={required}>
                <Input placeholder="marketing.audience" />
              </Form.Item>
              <Form.Item name="user" label={t('destination.user')}>
                <Input autoComplete="off" placeholder="default" />
              </Form.Item>
              <Form.Item name="password" label={t('destination.password')}>
                <Input.Password autoComplete="new-password" />
              </Form.Item>
            </>
          ) : null}
        </Form>
      )}
    </Modal>
  );
}
