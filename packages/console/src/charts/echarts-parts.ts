import { BarChart, HeatmapChart, LineChart, SankeyChart, ScatterChart, TreemapChart } from 'echarts/charts';
import {
  AriaComponent,
  GridComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import * as core from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';

core.use([
  LineChart,
  BarChart,
  HeatmapChart,
  TreemapChart,
  SankeyChart,
  ScatterChart,
  GridComponent,
  TooltipComponent,
  VisualMapComponent,
  MarkLineComponent,
  AriaComponent,
  LabelLayout,
  CanvasRenderer,
]);

/** ECharts with only the parts we draw with. Imported lazily, so that pages without charts stay light. */
export const init = core.init;
export type Chart = ReturnType<typeof core.init>;
