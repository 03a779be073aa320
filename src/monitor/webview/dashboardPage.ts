import 'uplot/dist/uPlot.min.css';
import '../../webview/theme.css';
import '../../webview/controls.css';
import './dashboardPage.css';
import './sectionParts.css';
import './trouble.css';
import './gpuTable.css';
import './gpuDetails.css';
import './gpuTableNarrow.css';
import './runsTable.css';
import './hostStrip.css';
import './processTable.css';
import './playback.css';
import './dashboardNarrow.css';
import { Dashboard } from './dashboard.ts';

new Dashboard();
