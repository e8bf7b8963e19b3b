import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './copy-text.module.css';

interface CopyTextProps {
  text: string;
  /** What is shown, when it is not the text itself. */
  shown?: string;
  code?: boolean;
}

/** A text with a button that copies it. */
export function CopyText({ text, shown, code = false }: CopyTextProps) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    await writeClipboard(text);
    setCopied(true);
  };
  return (
    <span className={styles.copy}>
      <span className={code ? styles.code : undefined}>{shown ?? text}</span>
      <Tooltip title={copied ? t('copied') : t('copy')}>
        <Button
          type="text"
          size="small"
          onClick={() => void copy()}
          aria-label={t('copy')}
          icon={copied ? <CheckOutlined /> : <CopyOutlined />}
        />
      </Tooltip>
      <span className="visually-hidden" role="status">
        {copied ? t('copied') : ''}
      </span>
    </span>
  );
}

/** The clipboard of the browser needs https or localhost; elsewhere the older way still works. */
export async function writeClipboard(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
