import 'uplot/dist/uPlot.min.css';
import '../../webview/theme.css';
import '../../webview/controls.css';
import './facts.css';
import './plots/plotPage.css';
import './sensor/sensor.css';
import './sensor/lanes.css';
import { SensorView } from './sensor/sensorView.ts';

new SensorView();
