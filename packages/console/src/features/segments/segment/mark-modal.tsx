import { useQuery } from '@tanstack/react-query';
import type { PeopleChoice } from '@zhiyin/contract';
import { AutoComplete, Form, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listsQuery, tagsQuery, useAudienceChange, useUndoChange } from '../../../api/audiences.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';

type Props = {
  readonly people: PeopleChoice;
  readonly count: number;
  readonly name: string;
  readonly close: () => void;
};

/** A tag on these people, or these people on a list; either can be taken back. */
export function MarkModal({ people, count, name, close }: Props) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const workspace = useWorkspace();
  const notice = useNotice();
  const [what, setWhat] = useState<'tag' | 'list'>('tag');
  const [action, setAction] = useState<'add' | 'remove'>('add');
  const [tag, setTag] = useState('');
  const [listId, setListId] = useState<number | null>(null);
  const tags = useQuery(tagsQuery(workspace.id)).data ?? [];
  const lists = useQuery(listsQuery(workspace.id)).data ?? [];
  const change = useAudienceChange(workspace.id);
  const undo = useUndoChange(workspace.id);
  const mark = what === 'tag' ? { tag: tag.trim() } : { listId: listId ?? 0 };
  const isReady = what === 'tag' ? tag.trim() !== '' : listId !== null;
  const run = () =>
    change.mutate(
      { mark, action, people },
      {
        onSuccess: (made) => {
          close();
          if (made.state !== 'done') notice.done(t('mark.started'));
          else {
            notice.undoable(t('mark.done', { count: made.people, shown: formats.count(made.people) }), () =>
              undo.mutate(made.id, { onError: notice.failed }),
            );
          }
        },
        onError: notice.failed,
      },
    );
  return (
    <Modal
      open
      title={t('mark.title', { name })}
      onCancel={close}
      okText={t(action === 'add' ? 'mark.add' : 'mark.remove', { count, shown: formats.count(count) })}
      okButtonProps={{ disabled: !isReady, loading: change.isPending }}
      onOk={run}
    >
      <Form layout="vertical" requiredMark={false}>
        <Form.Item>
          <Radio.Group
            value={what}
            options={(['tag', 'list'] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
            onChange={({ target }) => setWhat(target.value)}
          />
        </Form.Item>
        <Form.Item label={t('mark.action')}>
          <Radio.Group
            value={action}
            options={(['add', 'remove'] as const).map((value) => ({ value, label: t(`mark.${value}Word`) }))}
            onChange={({ target }) => setAction(target.value)}
          />
        </Form.Item>
        {what === 'tag' ? (
          <Form.Item label={t('builder.tag')} htmlFor="mark-tag">
            <AutoComplete
              id="mark-tag"
              value={tag}
              options={tags.map((one) => ({ value: one.tag }))}
              placeholder={t('mark.tagExample')}
              onChange={(value: string) => setTag(value.slice(0, 80))}
            />
          </Form.Item>
        ) : (
          <Form.Item label={t('builder.list')} htmlFor="mark-list">
            <Select
              id="mark-list"
              value={listId}
              options={lists.map((one) => ({ value: one.id, label: one.name }))}
              notFoundContent={t('mark.noLists')}
              onChange={setListId}
            />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
