import 'uplot/dist/uPlot.min.css';
import '../../webview/theme.css';
import '../../webview/controls.css';
import './dashboardPage.css';
import './trouble.css';
import './gpuTable.css';
import './sections.css';
import { Dashboard } from './dashboard.ts';

new Dashboard();
