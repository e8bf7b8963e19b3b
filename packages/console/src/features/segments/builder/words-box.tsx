import type { SegmentFromWords, SegmentRule } from '@zhiyin/contract';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRuleFromWords } from '../../../api/segments.ts';
import { Section } from '../../../components/section.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useLanguage } from '../../../i18n/use-language.ts';
import styles from './builder.module.css';

/** A sentence becomes a rule that can be edited; what was not understood is said. */
export function WordsBox({ onRule }: { readonly onRule: (rule: SegmentRule) => void }) {
  const { t } = useTranslation('segments');
  const workspace = useWorkspace();
  const locale = useLanguage();
  const notice = useNotice();
  const [text, setText] = useState('');
  const [answer, setAnswer] = useState<SegmentFromWords | null>(null);
  const ask = useRuleFromWords(workspace.id);
  const read = () => {
    if (text.trim() === '') return;
    ask.mutate(
      { text, locale },
      {
        onSuccess: (found) => {
          setAnswer(found);
          if (found.rule) onRule(found.rule);
        },
        onError: notice.failed,
      },
    );
  };
  return (
    <Section title={t('words.title')} subtitle={t('words.subtitle')}>
      <div className={styles.words}>
        <Input
          value={text}
          maxLength={1_000}
          aria-label={t('words.title')}
          placeholder={t('words.example')}
          onChange={({ target }) => setText(target.value)}
          onPressEnter={read}
        />
        <Button onClick={read} loading={ask.isPending} disabled={text.trim() === ''}>
          {t('words.action')}
        </Button>
      </div>
      {answer ? (
        <div role="status">
          {answer.rule === null ? <p className={styles.warning}>{t('words.nothing')}</p> : null}
          {answer.understood.length > 0 ? (
            <p className={styles.understood}>
              {t('words.understood')}
              {answer.understood.map(({ text: piece, path }) => (
                <span key={`${path} ${piece}`} className={styles.kind}>
                  {piece}
                </span>
              ))}
            </p>
          ) : null}
          {answer.notUnderstood.length > 0 ? (
            <p className={styles.understood}>
              {t('words.notUnderstood')}
              {answer.notUnderstood.map((piece) => (
                <span key={piece} className={`${styles.kind} ${styles.not}`}>
                  {piece}
                </span>
              ))}
            </p>
          ) : null}
        </div>
      ) : null}
    </Section>
  );
}
