import type { Locale, OperatorUpdate } from '@zhiyin/contract';
import { Radio, Segmented, Space } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useUpdateOperator } from '../../api/session.ts';
import { languageNames } from '../../components/language-switch.tsx';
import { Section } from '../../components/section.tsx';
import { Trend } from '../../components/trend.tsx';
import { useNotice } from '../../components/use-notice.tsx';
import { languages } from '../../i18n/i18n.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { type RiseChoice, type ThemeChoice, useAppearance } from '../../theme/theme-context.ts';
import styles from './settings.module.css';

/** Language, theme and the colour of a rise: at once here, and remembered with the account. */
export function AccountAppearance() {
  const { t, i18n } = useTranslation('settings');
  const { t: shell } = useTranslation('shell');
  const language = useLanguage();
  const { choice, setChoice, riseChoice, setRiseChoice } = useAppearance();
  const update = useUpdateOperator();
  const notice = useNotice();
  const id = useId();
  const keep = (change: OperatorUpdate) => update.mutate(change, { onError: notice.failed });

  return (
    <Section title={t('account.appearance')} subtitle={t('account.appearanceHelp')}>
      <div className={styles.rows}>
        <div>
          <span id={`${id}-language`}>{t('account.language')}</span>
          <Segmented
            aria-labelledby={`${id}-language`}
            value={language}
            options={languages.map((value) => ({ value, label: languageNames[value] }))}
            onChange={(locale: Locale) => {
              void i18n.changeLanguage(locale);
              keep({ locale });
            }}
          />
        </div>
        <div>
          <span id={`${id}-theme`}>{t('account.theme')}</span>
          <Segmented
            aria-labelledby={`${id}-theme`}
            value={choice}
            options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: shell(`theme.${value}`) }))}
            onChange={(theme: ThemeChoice) => {
              setChoice(theme);
              keep({ preferences: { theme } });
            }}
          />
        </div>
        <div>
          <span id={`${id}-rise`}>{t('account.rise')}</span>
          <Radio.Group
            aria-labelledby={`${id}-rise`}
            value={riseChoice}
            onChange={(event) => {
              const riseColour = event.target.value as RiseChoice;
              setRiseChoice(riseColour);
              keep({ preferences: { riseColour } });
            }}
          >
            <Space orientation="vertical" size={4}>
              {(['locale', 'green', 'red'] as const).map((value) => (
                <Radio key={value} value={value}>
                  {t(`account.riseChoice.${value}`)}
                </Radio>
              ))}
            </Space>
          </Radio.Group>
          <span className={styles.sample}>
            {t('account.riseSample')} <Trend now={108} before={100} /> <Trend now={97} before={100} />
          </span>
        </div>
      </div>
    </Section>
  );
}
