import type { ChartTheme } from './chart-theme.ts';
import type { Chart } from './echarts-parts.ts';

type Caption = { title: string; subtitle: string; source: string };

/** The chart as a PNG that explains itself when it lies alone in a slide: title above, source and time below. */
export async function drawPicture(chart: Chart, caption: Caption, theme: ChartTheme): Promise<Blob> {
  const scale = 2;
  const image = await loadImage(chart.getDataURL({ type: 'png', pixelRatio: scale, backgroundColor: theme.sheet }));
  const margin = 24 * scale;
  const head = 64 * scale;
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
  context.drawImage(image, margin, margin + head - 8 * scale);
  context.fillText(caption.source, margin, canvas.height - foot, room);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('drawPicture: no picture came'))), 'image/png'),
  );
}

function loadImage(address: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error('drawPicture: the chart could not be read'));
    image.src = address;
  });
}
