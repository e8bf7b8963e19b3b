/**
 * All colours and sizes of the console. Everything else (the component library's theme, CSS variables, charts)
 * is derived from here. Text colours reach WCAG AA (4.5:1) on paper and sheet in both themes; a test computes it.
 */
export type ThemeName = 'light' | 'dark';

export interface Palette {
  /** 宣: the page. */
  paper: string;
  /** Cards, tables. */
  sheet: string;
  /** A step away from the sheet: table heads, hovered rows, code. */
  wash: string;
  /** Rules and borders. */
  line: string;
  /** Borders of buttons, which their label tells apart already. */
  rim: string;
  /** Borders of inputs: 3:1 on the sheet. */
  edge: string;
  /** 墨: text. */
  ink: string;
  /** Secondary text. */
  faint: string;
  /** 靛: primary, links, first series. */
  indigo: string;
  /** 玉: good, second series. */
  jade: string;
  /** 琥珀: caution, third series. */
  amber: string;
  /** 朱: act with care, bad, fourth series. */
  cinnabar: string;
  /** 紫: fifth series. */
  plum: string;
  /** The same hues dark (or light) enough for text. */
  jadeText: string;
  amberText: string;
  cinnabarText: string;
  /** The same hues as a tint behind text. */
  indigoWash: string;
  jadeWash: string;
  amberWash: string;
  cinnabarWash: string;
  /** Text on a filled button. */
  onFill: string;
}

export const palettes: Readonly<Record<ThemeName, Palette>> = {
  light: {
    paper: '#FAF8F4',
    sheet: '#FFFFFF',
    wash: '#F5F2EC',
    line: '#E4E1DA',
    rim: '#CDC9C0',
    edge: '#938F87',
    ink: '#1B2330',
    faint: '#646B78',
    indigo: '#2F4B7C',
    jade: '#2E8B72',
    amber: '#B97A12',
    cinnabar: '#C8412B',
    plum: '#7A4B8F',
    jadeText: '#1F6F5A',
    amberText: '#875605',
    cinnabarText: '#B3361F',
    indigoWash: '#EDF1F8',
    jadeWash: '#E8F4F0',
    amberWash: '#FBF1DF',
    cinnabarWash: '#FBEBE7',
    onFill: '#FFFFFF',
  },
  dark: {
    paper: '#12161D',
    sheet: '#1A202A',
    wash: '#222A36',
    line: '#2C3440',
    rim: '#465162',
    edge: '#6C7787',
    ink: '#E9EBEE',
    faint: '#9AA3AF',
    indigo: '#8FB0E8',
    jade: '#5CC3A6',
    amber: '#E5B457',
    cinnabar: '#F0806C',
    plum: '#C09AD2',
    jadeText: '#6FCDB2',
    amberText: '#E5B457',
    cinnabarText: '#F39382',
    indigoWash: '#222F47',
    jadeWash: '#1B352F',
    amberWash: '#372E1C',
    cinnabarWash: '#3B2521',
    onFill: '#12161D',
  },
};

/** Series of a chart, in order; told apart by people with colour-blindness, and always with a label beside. */
export const seriesColours = (palette: Palette): readonly string[] => [
  palette.indigo,
  palette.jade,
  palette.amber,
  palette.cinnabar,
  palette.plum,
];

const chineseFonts = '"PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei"';
const latinFonts = 'Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial';

/** Chinese first in Chinese, so that quotes and dashes have the width the script expects; Latin first in English. */
export const fontFamilies = {
  en: `${latinFonts}, ${chineseFonts}, sans-serif`,
  'zh-CN': `${chineseFonts}, ${latinFonts}, sans-serif`,
} as const;
/** Where the language is not known, such as in a chart. */
export const fontFamily = fontFamilies.en;
export const monospaceFamily = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono CJK SC", monospace';
export const fontSizes = { small: 12, body: 14, lead: 16, title: 20, display: 28 } as const;
export const radius = 6;
