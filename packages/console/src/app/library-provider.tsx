import { App, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { type ReactNode, useMemo } from 'react';
import { useLanguage } from '../i18n/use-language.ts';
import { antdTheme } from '../theme/antd-theme.ts';
import { useAppearance } from '../theme/theme-context.ts';
import { useStillness } from '../theme/use-stillness.ts';

/** Hands language and theme to the component library and to its dates. */
export function LibraryProvider({ children }: { children: ReactNode }) {
  const language = useLanguage();
  const { theme } = useAppearance();
  const isStill = useStillness();
  const themeConfig = useMemo(() => antdTheme(theme, language, isStill), [theme, language, isStill]);
  // Before the first picker is drawn, so that its months are in the page's language.
  dayjs.locale(language === 'zh-CN' ? 'zh-cn' : 'en');
  return (
    <ConfigProvider locale={language === 'zh-CN' ? zhCN : enUS} theme={themeConfig} button={{ autoInsertSpace: false }}>
      <App>{children}</App>
    </ConfigProvider>
  );
}
