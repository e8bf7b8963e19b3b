import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { AudienceChange, List } from '@zhiyin/contract';
import { Button, Form, Input, Modal, Table, type TableColumnsType, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { audienceChangesQuery, listsQuery, tagsQuery, useSaveList, useUndoChange } from '../../../api/audiences.ts';
import { applyFieldErrors } from '../../../components/apply-field-errors.ts';
import { Count } from '../../../components/count.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Instant } from '../../../components/instant.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../segments.module.css';

/** Lists and tags: what operators say of people, and the way back from every change. */
export function ListsPage() {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const workspace = useWorkspace();
  const lists = useQuery(listsQuery(workspace.id));
  const tags = useQuery(tagsQuery(workspace.id));
  const [isCreating, setCreating] = useState(false);
  const create = workspace.can('people:write') ? (
    <Button type="primary" onClick={() => setCreating(true)}>
      {t('lists.create')}
    </Button>
  ) : undefined;
  const columns: TableColumnsType<List> = [
    {
      key: 'name',
      title: t('list.name'),
      render: (_, list) => (
        <div className={styles.name}>
          <Link
            to="/w/$workspaceId/segments/lists/$listId"
            params={{ workspaceId: String(workspace.id), listId: String(list.id) }}
          >
            {list.name}
          </Link>
          {list.description ? <span className={styles.small}>{list.description}</span> : null}
        </div>
      ),
    },
    { key: 'people', title: t('list.people'), align: 'right', render: (_, list) => <Count value={list.people} /> },
    {
      key: 'waiting',
      title: t('lists.waiting'),
      align: 'right',
      responsive: ['md'],
      render: (_, list) => (list.waiting === 0 ? '–' : <Count value={list.waiting} />),
    },
    {
      key: 'used',
      title: t('lists.usedBy'),
      responsive: ['lg'],
      render: (_, list) => list.usedBy.map(({ name }) => name).join(', ') || '–',
    },
    {
      key: 'changed',
      title: t('list.changed'),
      responsive: ['sm'],
      render: (_, list) => <Instant at={list.changedAt} />,
    },
  ];
  return (
    <>
      <PageHead title={t('tabs.lists')} answer={t('lists.answer')} actions={create} />
      <div className={styles.stack}>
        <Section title={t('lists.title')} subtitle={t('lists.subtitle')} flush>
          <QueryState query={lists} loading={<TableSkeleton rows={4} />}>
            {(rows) =>
              rows.length === 0 ? (
                <EmptyState sentence={t('lists.empty')} example={t('lists.emptyExample')} action={create} />
              ) : (
                <Table
                  rowKey="id"
                  columns={columns}
                  dataSource={rows}
                  pagination={{ pageSize: 50, hideOnSinglePage: true }}
                  size="middle"
                />
              )
            }
          </QueryState>
        </Section>
        <Section title={t('tags.title')} subtitle={t('tags.subtitle')}>
          <QueryState query={tags} loading={<TableSkeleton rows={2} />}>
            {(rows) =>
              rows.length === 0 ? (
                <p className="faint">{t('tags.empty')}</p>
              ) : (
                <div className={styles.tags}>
                  {rows.map(({ tag, people }) => (
                    <Tag key={tag}>
                      {tag} · {formats.compact(people)}
                    </Tag>
                  ))}
                </div>
              )
            }
          </QueryState>
        </Section>
        <Changes />
      </div>
      {isCreating ? <CreateList close={() => setCreating(false)} /> : null}
    </>
  );
}

/** What was done to tags and lists, each with the way back. */
export function Changes({ listId }: { readonly listId?: number }) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const workspace = useWorkspace();
  const notice = useNotice();
  const changes = useQuery(audienceChangesQuery(workspace.id, listId === undefined ? {} : { listId }));
  const undo = useUndoChange(workspace.id);
  const describe = (change: AudienceChange) =>
    t(change.action === 'add' ? 'changes.added' : 'changes.removed', {
      count: change.people,
      shown: formats.count(change.people),
      mark: change.tag === null ? t('kind.list') : `${t('kind.tag')} “${change.tag}”`,
    });
  return (
    <Section title={t('changes.title')} subtitle={t('changes.subtitle')}>
      <QueryState query={changes} loading={<TableSkeleton rows={3} />}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="faint">{t('changes.empty')}</p>
          ) : (
            <div className={styles.columns}>
              {rows.map((change) => (
                <div key={change.id} className={styles.row}>
                  <span>{describe(change)}</span>
                  <span className={styles.small}>
                    {t(`changes.from.${change.source.kind}`)} {change.source.name} · {change.by ?? ''}{' '}
                    <Instant at={change.createdAt} />
                    {change.state === 'done' ? '' : ` · ${t(`changes.${change.state}`)}`}
                    {change.error ? ` · ${change.error}` : ''}
                  </span>
                  {change.undoneBy !== null ? (
                    <span className={styles.small}>{t('changes.undone')}</span>
                  ) : change.state === 'done' && change.people > 0 && workspace.can('people:write') ? (
                    <Button
                      size="small"
                      type="text"
                      loading={undo.isPending && undo.variables === change.id}
                      onClick={() => undo.mutate(change.id, { onError: notice.failed })}
                    >
                      {t('common:undo')}
                    </Button>
                  ) : null}
                </div>
              ))}
            </div>
          )
        }
      </QueryState>
    </Section>
  );
}

function CreateList({ close }: { readonly close: () => void }) {
  const { t } = useTranslation('segments');
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const notice = useNotice();
  const [form] = Form.useForm<{ name: string; description: string }>();
  const save = useSaveList(workspace.id);
  return (
    <Modal
      open
      title={t('lists.create')}
      onCancel={close}
      okText={t('lists.create')}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: '', description: '' }}
        onFinish={(body) =>
          save.mutate(
            { listId: null, body },
            {
              onSuccess: (list) => {
                close();
                void navigate({
                  to: '/w/$workspaceId/segments/lists/$listId',
                  params: { workspaceId: String(workspace.id), listId: String(list.id) },
                });
              },
              onError: (error) => {
                if (!applyFieldErrors(form, error)) notice.failed(error);
              },
            },
          )
        }
      >
        <Form.Item name="name" label={t('list.name')} rules={[{ required: true, message: t('common:required') }]}>
          <Input maxLength={120} placeholder={t('lists.nameExample')} />
        </Form.Item>
        <Form.Item name="description" label={t('builder.description')}>
          <Input.TextArea maxLength={1_000} autoSize={{ minRows: 2, maxRows: 5 }} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
