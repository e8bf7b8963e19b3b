import { useTranslation } from 'react-i18next';

/** Names of algorithms a marketer can say, and what each does in a sentence. */
export function useModelWords() {
  const { t } = useTranslation('recommend');
  return {
    modelName: (kind: string): string => t(`model.name.${kind.replaceAll('-', '_')}`, { defaultValue: kind }),
    /** "version 3"; nothing for what no training made. */
    versionName: (version: string): string => (Number(version) > 0 ? t('models.version', { version }) : ''),
    modelIdea: (kind: string): string => t(`model.idea.${kind.replaceAll('-', '_')}`, { defaultValue: '' }),
  };
}
