import { TranslationOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Language, languages } from '../i18n/i18n.ts';
import { useLanguage } from '../i18n/use-language.ts';

/** Languages are named in themselves, so that one who cannot read the page finds hers. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', 'zh-CN': '简体中文' };

export function LanguageSwitch({ onChange }: { onChange?: (language: Language) => void }) {
  const { t, i18n } = useTranslation('shell');
  const language = useLanguage();
  const choose = (chosen: Language) => {
    void i18n.changeLanguage(chosen);
    onChange?.(chosen);
  };
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectable: true,
        selectedKeys: [language],
        items: languages.map((key) => ({ key, label: <span lang={key}>{languageNames[key]}</span> })),
        onClick: ({ key }) => choose(key as Language),
      }}
    >
      <Button type="text" icon={<TranslationOutlined />} aria-label={t('language')} />
    </Dropdown>
  );
}
