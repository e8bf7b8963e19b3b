import type { ChartTheme } from './chart-theme.ts';
import type { Chart } from './echarts-parts.ts';
import type { LegendEntry } from './legend.tsx';
import { getSeriesStyle } from './series-styles.ts';

type Caption = { title: string; subtitle: string; source: string; legend: readonly LegendEntry[] };

/** The chart as a PNG that explains itself when it lies alone in a slide: title above, source and time below. */
export async function drawPicture(chart: Chart, caption: Caption, theme: ChartTheme): Promise<Blob> {
  const scale = 2;
  const image = await loadImage(chart.getDataURL({ type: 'png', pixelRatio: scale, backgroundColor: theme.sheet }));
  const margin = 24 * scale;
  const legendHeight = caption.legend.length > 0 ? 24 * scale : 0;
  const head = 64 * scale + legendHeight;
  const foot = 32 * scale;
  const canvas = document.createElement('canvas');
  canvas.width = image.width + margin * 2;
  canvas.height = image.height + head + foot + margin;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('drawPicture: the browser gives no canvas');

  context.fillStyle = theme.sheet;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = 'top';
  const room = image.width;
  context.fillStyle = theme.ink;
  context.font = `600 ${16 * scale}px ${theme.fontFamily}`;
  context.fillText(caption.title, margin, margin, room);
  context.fillStyle = theme.faint;
  context.font = `${12 * scale}px ${theme.fontFamily}`;
  context.fillText(caption.subtitle, margin, margin + 24 * scale, room);
  drawLegend(context, caption.legend, { left: margin, top: margin + 50 * scale, scale, theme });
  context.fillStyle = theme.faint;
  context.drawImage(image, margin, margin + head - 8 * scale);
  context.fillText(caption.source, margin, canvas.height - foot, room);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('drawPicture: no picture came'))), 'image/png'),
  );
}

type Place = { readonly left: number; readonly top: number; readonly scale: number; readonly theme: ChartTheme };
/** Names that stand beside the chart on the page have to come along: a stroke or a block, then the name. */
function drawLegend(context: CanvasRenderingContext2D, legend: readonly LegendEntry[], place: Place): void {
  const { top, scale, theme } = place;
  let left = place.left;
  for (const entry of legend) {
    if ('place' in entry) {
      const { dash } = getSeriesStyle(entry.place);
      context.strokeStyle = theme.series[entry.place % theme.series.length]!;
      context.lineWidth = 2 * scale;
      context.setLineDash(dash === 'solid' ? [] : dash.map((length) => length * scale));
      context.beginPath();
      context.moveTo(left, top + 7 * scale);
      context.lineTo(left + 26 * scale, top + 7 * scale);
      context.stroke();
      context.setLineDash([]);
    } else {
      context.fillStyle = entry.fill;
      context.fillRect(left + 14 * scale, top + scale, 12 * scale, 12 * scale);
    }
    context.fillStyle = theme.ink;
    context.fillText(entry.name, left + 32 * scale, top);
    left += 48 * scale + context.measureText(entry.name).width;
  }
}

function loadImage(address: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error('drawPicture: the chart could not be read'));
    image.src = address;
  });
}
