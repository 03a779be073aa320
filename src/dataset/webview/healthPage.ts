import '../../webview/theme.css';
import '../../webview/controls.css';
import './preview.css';
import './facts.css';
import './health/health.css';
import { HealthView } from './health/healthView.ts';

new HealthView();
