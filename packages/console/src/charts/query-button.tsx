import { DatabaseOutlined } from '@ant-design/icons';
import type { Panel } from '@zhiyin/contract';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { writeClipboard } from '../components/copy-text.tsx';
import { useNotice } from '../components/use-notice.tsx';
import { QueryView } from './query-view.tsx';

type Props = {
  readonly title: string;
  readonly query: Panel['query'];
  readonly asOf: string;
  /** What the statement does not say of the numbers. */
  readonly note?: string;
};

/** The way from numbers that are no chart to the statement that gave them. */
export function QueryButton({ title, query, asOf, note }: Props) {
  const { t } = useTranslation('charts');
  const notice = useNotice();
  const [isOpen, setOpen] = useState(false);
  const copy = (text: string) =>
    void writeClipboard(text).then(
      () => notice.done(t('copied')),
      () => notice.failed(new Error(t('copyFailed'))),
    );
  return (
    <>
      <Button
        type="text"
        size="small"
        icon={<DatabaseOutlined />}
        aria-label={t('query.of', { title })}
        title={t('menu.query')}
        onClick={() => setOpen(true)}
      />
      <Modal open={isOpen} onCancel={() => setOpen(false)} footer={null} width={760} title={title} destroyOnHidden>
        {note && <p>{note}</p>}
        <QueryView query={query} asOf={asOf} onCopy={copy} />
      </Modal>
    </>
  );
}
