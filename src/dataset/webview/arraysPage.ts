import 'uplot/dist/uPlot.min.css';
import '../../webview/theme.css';
import '../../webview/controls.css';
import './facts.css';
import './plots/plotPage.css';
import './arrays/arrays.css';
import './arrays/inspector.css';
import { ArraysView } from './arrays/arraysView.ts';

new ArraysView();
