import type { Locale } from '@zhiyin/contract';
import { type ThemeConfig, theme } from 'antd';
import { fontFamilies, fontSizes, monospaceFamily, palettes, radius, type ThemeName } from './tokens.ts';

/** The component library's theme, wholly from our tokens. */
export function antdTheme(name: ThemeName, language: Locale, isStill: boolean): ThemeConfig {
  const palette = palettes[name];
  return {
    // The last step puts our exact colours back: the library's algorithms shift the seeds they are given.
    algorithm: [
      name === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
      (_seed, map) => ({ ...map!, ...exact(name) }),
    ],
    token: {
      colorPrimary: palette.indigo,
      colorSuccess: palette.jade,
      colorWarning: palette.amber,
      colorError: palette.cinnabar,
      colorInfo: palette.indigo,
      colorLink: palette.indigo,
      colorTextBase: palette.ink,
      colorBgBase: palette.sheet,
      fontFamily: fontFamilies[language],
      fontFamilyCode: monospaceFamily,
      fontSize: fontSizes.body,
      fontSizeSM: fontSizes.small,
      fontSizeLG: fontSizes.lead,
      fontSizeHeading1: fontSizes.display,
      fontSizeHeading2: fontSizes.title,
      fontSizeHeading3: fontSizes.lead,
      lineHeight: 1.6,
      borderRadius: radius,
      wireframe: false,
      // The style sheet stops what moves; the library must then not wait for the end of a movement.
      motion: !isStill,
      controlHeight: 34,
      colorTextLightSolid: palette.onFill,
      colorBgSpotlight: palette.ink,
      colorTextDescription: palette.faint,
      colorTextPlaceholder: palette.faint,
      controlItemBgActive: palette.indigoWash,
      controlItemBgActiveHover: palette.indigoWash,
      boxShadow: '0 4px 16px rgba(18, 22, 29, 0.08)',
      boxShadowSecondary: '0 6px 24px rgba(18, 22, 29, 0.14)',
    },
    components: {
      Button: {
        primaryShadow: 'none',
        defaultShadow: 'none',
        defaultBorderColor: palette.rim,
        dangerShadow: 'none',
        fontWeight: 500,
      },
      Tooltip: { colorTextLightSolid: palette.paper },
      Table: {
        headerBg: palette.wash,
        headerBorderRadius: 0,
        headerColor: palette.faint,
        headerSplitColor: 'transparent',
        rowHoverBg: palette.wash,
        cellPaddingBlock: 10,
        cellPaddingInline: 16,
        cellPaddingBlockMD: 10,
        cellPaddingInlineMD: 20,
        cellPaddingInlineSM: 12,
      },
      Menu: {
        itemBg: 'transparent',
        itemSelectedBg: palette.indigoWash,
        itemSelectedColor: palette.indigo,
        itemBorderRadius: radius,
        activeBarBorderWidth: 0,
      },
      Layout: { bodyBg: palette.paper, headerBg: palette.sheet, siderBg: palette.paper },
      Card: { headerFontSize: fontSizes.lead },
      Tag: { defaultBg: palette.wash },
      Form: { verticalLabelPadding: '0 0 4px', itemMarginBottom: 20 },
    },
  };
}

function exact(name: ThemeName) {
  const palette = palettes[name];
  return {
    colorPrimary: palette.indigo,
    colorPrimaryBg: palette.indigoWash,
    colorInfo: palette.indigo,
    colorInfoBg: palette.indigoWash,
    colorLink: palette.indigo,
    colorSuccess: palette.jade,
    colorSuccessText: palette.jadeText,
    colorSuccessBg: palette.jadeWash,
    colorWarning: palette.amber,
    colorWarningText: palette.amberText,
    colorWarningBg: palette.amberWash,
    colorError: palette.cinnabar,
    colorErrorText: palette.cinnabarText,
    colorErrorBg: palette.cinnabarWash,
    colorText: palette.ink,
    colorTextSecondary: palette.faint,
    colorTextTertiary: palette.faint,
    colorBgLayout: palette.paper,
    colorBgContainer: palette.sheet,
    colorBgElevated: palette.sheet,
    colorBorder: palette.edge,
    colorBorderSecondary: palette.line,
    colorFillAlter: palette.wash,
  };
}
