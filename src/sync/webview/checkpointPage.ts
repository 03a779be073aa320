import '../../webview/theme.css';
import '../../webview/controls.css';
import './checkpoint/checkpoint.css';
import './checkpoint/charts.css';
import { CheckpointView } from './checkpoint/checkpointView.ts';

new CheckpointView();
