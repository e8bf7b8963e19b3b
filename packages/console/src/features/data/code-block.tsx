import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { writeClipboard } from '../../components/copy-text.tsx';
import { useNotice } from '../../components/use-notice.tsx';
import styles from './data.module.css';

/** Code to paste elsewhere, or a record as it came. */
export function CodeBlock({ code }: { readonly code: string }) {
  const { t } = useTranslation('data');
  const notice = useNotice();
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    writeClipboard(code).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 2_000);
    }, notice.failed);
  return (
    <div className={styles.code}>
      <Button
        size="small"
        className={styles.copyCode}
        icon={isCopied ? <CheckOutlined /> : <CopyOutlined />}
        onClick={() => void copy()}
      >
        {isCopied ? t('copied') : t('copy')}
      </Button>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long code scrolls, and must do so by keyboard too */}
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </div>
  );
}
