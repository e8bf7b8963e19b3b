import { useQuery } from '@tanstack/react-query';
import type { ImportKind, ImportMapping, ImportOptions } from '@zhiyin/contract';
import { Button, Input, Popover, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { savedMappingsQuery, useSaveMapping } from '../../../api/imports.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';

type Props = {
  readonly kind: ImportKind;
  readonly mapping: ImportMapping;
  readonly options: ImportOptions;
  readonly onUse: (saved: { mapping: ImportMapping; options: ImportOptions }) => void;
};

/** Take a mapping that was saved before, or save this one for the next file of the same shape. */
export function SavedMappings({ kind, mapping, options, onUse }: Props) {
  const { t } = useTranslation('data');
  const { id: workspaceId, can } = useWorkspace();
  const saved = useQuery(savedMappingsQuery(workspaceId));
  const save = useSaveMapping(workspaceId);
  const notice = useNotice();
  const [name, setName] = useState('');
  const [isOpen, setOpen] = useState(false);
  const fitting = saved.data?.filter((one) => one.kind === kind) ?? [];
  const submit = () =>
    save.mutate(
      { name: name.trim(), kind, mapping, options },
      {
        onSuccess: () => {
          setOpen(false);
          notice.done(t('imports.mappingSaved', { name: name.trim() }));
        },
        onError: notice.failed,
      },
    );
  return (
    <Space wrap>
      {fitting.length > 0 && (
        <Select
          placeholder={t('imports.useMapping')}
          aria-label={t('imports.useMapping')}
          value={null}
          style={{ width: 220 }}
          options={fitting.map((one) => ({ value: one.id, label: one.name }))}
          onChange={(id: number | null) => {
            const one = fitting.find((candidate) => candidate.id === id);
            // Only columns this file has: a saved mapping may name others.
            if (one)
              onUse({
                mapping: { ...mapping, ...pick(one.mapping, Object.keys(mapping)) },
                options: { ...options, ...one.options },
              });
          }}
        />
      )}
      {can('data:write') && (
        <Popover
          trigger="click"
          open={isOpen}
          onOpenChange={setOpen}
          placement="bottomRight"
          title={t('imports.saveMapping')}
          content={
            <Space.Compact>
              <Input
                value={name}
                maxLength={120}
                placeholder={t('imports.mappingName')}
                aria-label={t('imports.mappingName')}
                onChange={(event) => setName(event.target.value)}
                onPressEnter={() => name.trim() && submit()}
              />
              <Button type="primary" disabled={name.trim() === ''} loading={save.isPending} onClick={submit}>
                {t('save')}
              </Button>
            </Space.Compact>
          }
        >
          <Button>{t('imports.saveMapping')}</Button>
        </Popover>
      )}
    </Space>
  );
}

const pick = (mapping: ImportMapping, names: readonly string[]): ImportMapping =>
  Object.fromEntries(names.filter((name) => Object.hasOwn(mapping, name)).map((name) => [name, mapping[name] ?? null]));
