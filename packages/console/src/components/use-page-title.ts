import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

/** What the browser's tab and a screen reader say after going to a page. */
export function usePageTitle(title: string): void {
  const { t } = useTranslation();
  const brand = t('brand');
  useEffect(() => {
    document.title = `${title} · ${brand}`;
  }, [title, brand]);
}
